import { z } from 'zod'

/** A webhook whose signature was right and whose shape we do not know: read again whenever its job is retried. */
export const unrecognisedWebhook = z.object({
  id: z.string(),
  route: z.string(),
  method: z.string(),
  contentType: z.string(),
  /** The raw body, or the query string of a GET. */
  body: z.string(),
  problem: z.string(),
  receivedAt: z.int(),
})
export type UnrecognisedWebhook = z.infer<typeof unrecognisedWebhook>
