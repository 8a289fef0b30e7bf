import { z } from 'zod'

/** The indexes that erase a person look back so far and no further: records may go earlier, not later. */
function days(atMost: number) {
  return z.int().min(1).max(atMost).default(atMost)
}

/** How long records are kept. */
export const retention = z.strictObject({
  messagesDays: days(30).describe('messages of alerts, replies and notifications'),
  feedMessagesDays: days(2).describe('messages of feeds'),
  alertsDays: days(30).describe('alerts, after their end'),
  notificationsDays: days(90).describe('delivery notifications, from their sending'),
  auditDays: z.int().min(1).max(3_650).default(365).describe('the audit trail; an anchor stays'),
  callsDays: days(30).describe('calls, from their last event'),
})
export type Retention = z.infer<typeof retention>
