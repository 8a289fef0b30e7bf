import { z } from 'zod'

export const loadRequest = z.object({
  url: z.url(),
  count: z.number(),
  connections: z.number(),
  /** What everybody writes, each from a number of their own. */
  text: z.string(),
})
export type LoadRequest = z.infer<typeof loadRequest>

export const loadResult = z.object({
  seconds: z.number(),
  refused: z.number(),
  /** When the first was sent, in milliseconds since 1970. */
  startedAt: z.number(),
})
export type LoadResult = z.infer<typeof loadResult>
