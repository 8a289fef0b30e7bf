import type { Message } from '../message-store.ts'

/** A message as the control API and the page see it. */
export function viewOf(message: Message) {
  const { id, direction, channel, address, sender, content, status, at, history, sending } = message
  const error = history.findLast((change) => change.error)?.error
  return {
    id,
    message_uuid: id,
    direction,
    channel,
    address,
    sender,
    status,
    at,
    ...content,
    history,
    ...(error ? { error } : {}),
    ...(sending ? { api: sending.api, parts: sending.partIds.length } : {}),
    ...(sending?.clientRef === undefined ? {} : { client_ref: sending.clientRef }),
    ...(sending?.workflow ? { workflow: sending.workflow } : {}),
    ...(sending?.dispatchUuid === undefined ? {} : { dispatch_uuid: sending.dispatchUuid }),
  }
}

export type MessageView = ReturnType<typeof viewOf>
