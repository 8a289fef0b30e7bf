import { z } from 'zod'

import { contact } from './contact.ts'

/** Removes a person. The second round takes what a job that was running during the first may have written. */
export const eraseRequest = z.object({
  id: z.string().min(1).max(40),
  contacts: z.array(contact).min(1),
  round: z.int().min(1),
})
export type EraseRequest = z.infer<typeof eraseRequest>
