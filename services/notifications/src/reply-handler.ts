import type { Log, NotificationReply } from '@switchboard/contracts'

import { decideReply } from './decide-reply.ts'
import type { NotificationWorkflow } from './notification-workflow.ts'

export interface ReplyDeps {
  workflow: Pick<NotificationWorkflow, 'move'>
  log: Log
}

/** Handles a reply to a notification. */
export function createReplyHandler({ workflow, log }: ReplyDeps) {
  return async (reply: NotificationReply): Promise<void> => {
    const { notificationId, id: replyId } = reply
    const decide = (record: Parameters<typeof decideReply>[0] | undefined) => record && decideReply(record, reply)
    const { after } = await workflow.move(notificationId, decide, undefined)
    const outcome = after?.replies.find(({ id }) => id === replyId)?.outcome
    log.info({ notificationId, replyId, outcome }, after ? 'notification.replied' : 'notification.unknown')
  }
}
