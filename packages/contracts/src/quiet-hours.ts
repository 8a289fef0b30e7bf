import { z } from 'zod'

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00')

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** When a feed holds its updates back. `from` later than `to` spans midnight. */
export const quietHours = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  timeZone: z
    .string()
    .refine(isTimeZone, 'is not a time zone such as Europe/London')
    .exactOptional()
    .describe(
      "of everyone; when left out, that of the recipient's number (quiet while it is quiet in any of its zones)",
    ),
})
export type QuietHours = z.infer<typeof quietHours>
