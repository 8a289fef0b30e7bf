import type { AlertChannel } from '@switchboard/contracts'
import { countParts } from '@switchboard/vonage'

import type { FieldProblem } from './problem.ts'

/** Beyond that Vonage advises against it, and some networks drop parts. */
const MANY_PARTS = 10

/** Each part of an SMS is charged, and a single character outside GSM-7 more than doubles their number. */
export function partsWarning(channels: AlertChannel[], field: string, text: string): FieldProblem[] {
  const parts = channels.includes('sms') ? countParts('sms', text) : 1
  return parts > MANY_PARTS ? [{ field, message: `makes an SMS of ${parts} parts; each is charged` }] : []
}
