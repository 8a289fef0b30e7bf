import { z } from 'zod'

import { contact } from './contact.ts'

/** The longest note; a longer one is refused, or cut where nobody can be told before. */
export const LONGEST_NOTE = 2_000
/** Who puts an alert off for longer than a day means something else. */
export const LONGEST_SNOOZE_MINUTES = 1_440

/** What people do with an alert. */
export const alertAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mine') }),
  /** Whoever is asked cannot: the next person is asked now. */
  z.object({ kind: z.literal('pass') }),
  z.object({ kind: z.literal('note'), text: z.string().max(LONGEST_NOTE) }),
  /** To a user of the plan, by name. */
  z.object({ kind: z.literal('hand-over'), to: z.string().max(100) }),
  z.object({ kind: z.literal('snooze'), minutes: z.int().min(1).max(LONGEST_SNOOZE_MINUTES) }),
  z.object({ kind: z.literal('resolve') }),
])
export type AlertAct = z.infer<typeof alertAct>

/** What the audit trail calls it. */
export function traceOfAct(kind: AlertAct['kind']): string {
  return `alert.${kind === 'mine' ? 'acknowledge' : kind}`
}

/** Who does it: somebody of the plan, by place in its list, or by name alone. */
export const actor = z.object({
  how: z.enum(['link', 'api']),
  user: z.int().optional(),
  name: z.string().max(100).optional(),
})
export type Actor = z.infer<typeof actor>

/** What somebody is told who did something with an alert. */
export const actAnswer = z.enum([
  /** You have it. */
  'taken',
  /** Somebody else has it. */
  'has-it',
  'over',
  'passed',
  /** Nobody is left to pass it on to. */
  'nobody-left',
  'noted',
  'handed-over',
  /** Nobody of this name is on the list. */
  'unknown-name',
  'snoozed',
  'resolved',
  /** How things stand. */
  'who',
  /** What can be answered. */
  'how',
  /** Nothing: a machine spoke. */
  'none',
])
export type ActAnswer = z.infer<typeof actAnswer>

/** What was done, once each: by the id of what did it. Of the newest ones. */
export const rememberedAct = z.object({
  id: z.string(),
  at: z.int(),
  answer: actAnswer,
  /** Who waits for an answer there; others see it where they did it. */
  contact: contact.optional(),
  /** They asked something, and said nothing. */
  isQuestion: z.boolean().optional(),
  /** What was done by a message, as the audit trail calls it. Other ways are traced where they end. */
  does: z.string().optional(),
})
export type RememberedAct = z.infer<typeof rememberedAct>
