import { rulesOf, type Channel } from '../channels.ts'
import type { Message, StatusChange } from '../message-store.ts'

export function priceOf(message: Pick<Message, 'channel' | 'sending'>): string {
  const parts = message.sending?.partIds.length ?? 1
  const { price } = rulesOf[message.channel]
  return price === '0' ? price : (Number(price) * parts).toFixed(4)
}

function isCharged(message: Message, change: StatusChange): boolean {
  return rulesOf[message.channel].chargedWhen.includes(change.status)
}

/** Status webhook, Messages API v1. */
export function statusV1(message: Message, change: StatusChange): Record<string, unknown> {
  const { sending } = message
  return {
    message_uuid: message.id,
    channel: message.channel,
    to: message.address,
    from: message.sender,
    timestamp: change.at.replace(/\.\d{3}Z$/, 'Z'),
    status: change.status,
    ...(change.error ? { error: problemOf(change.error, message.id) } : {}),
    ...(sending?.clientRef === undefined ? {} : { client_ref: sending.clientRef }),
    ...(isCharged(message, change) ? { usage: { currency: 'EUR', price: priceOf(message) } } : {}),
    ...(sending?.workflow ? { workflow: workflowOf(sending.workflow) } : {}),
    ...rulesOf[message.channel].statusExtras?.(message, change),
  }
}

function workflowOf(workflow: { id: string; number: number; total: number }) {
  return {
    workflow_id: workflow.id,
    items_number: String(workflow.number),
    items_total: String(workflow.total),
  }
}

function problemOf(error: { code: number; detail: string }, id: string) {
  return {
    type: `https://developer.vonage.com/api-errors/messages#${error.code}`,
    title: String(error.code),
    detail: error.detail,
    instance: id.replaceAll('-', '').slice(0, 32),
  }
}

/** Status webhook, Messages API v0.1; Dispatch adds the workflow it belongs to. */
export function statusV01(message: Message, change: StatusChange): Record<string, unknown> {
  const { sending } = message
  const dispatchUuid = sending?.dispatchUuid
  return {
    message_uuid: message.id,
    to: addressV01(message.channel, message.address, 'person'),
    from: addressV01(message.channel, message.sender, 'sender'),
    timestamp: change.at,
    status: change.status,
    ...(change.error ? { error: { code: change.error.code, reason: change.error.detail } } : {}),
    ...(isCharged(message, change) ? { usage: { currency: 'EUR', price: priceOf(message) } } : {}),
    ...(sending?.clientRef === undefined ? {} : { client_ref: sending.clientRef }),
    ...(dispatchUuid === undefined
      ? {}
      : { _links: { workflow: { dispatch_uuid: dispatchUuid, href: `/workflows/${dispatchUuid}` } } }),
  }
}

export function addressV01(channel: Channel, address: string, side: 'person' | 'sender'): Record<string, string> {
  const { v01 } = rulesOf[channel]
  return { type: v01.type, [v01[side]]: address }
}

/** Delivery receipts of the SMS API: one per part. */
export function receipts(message: Message, change: StatusChange, apiKey: string): Record<string, string>[] {
  const code = change.error ? (receiptCodes[change.error.code] ?? '99') : '0'
  return (message.sending?.partIds ?? [message.id]).map((partId) => ({
    msisdn: message.address,
    to: message.sender,
    'network-code': '23410',
    messageId: partId,
    price: rulesOf.sms.price,
    status: receiptStatus(change),
    scts: change.at.replaceAll(/[-:T]/g, '').slice(2, 12),
    'err-code': code,
    'api-key': apiKey,
    ...(message.sending?.clientRef === undefined ? {} : { 'client-ref': message.sending.clientRef }),
    'message-timestamp': sqlTime(change.at),
  }))
}

function receiptStatus(change: StatusChange): string {
  if (change.status === 'delivered') return 'delivered'
  if (change.status === 'submitted') return 'buffered'
  if (change.error?.code === 1360) return 'expired'
  return change.error?.code === 1240 ? 'rejected' : 'failed'
}

const receiptCodes: Record<number, string> = {
  1330: '1',
  1180: '2',
  1190: '3',
  1050: '4',
  1200: '5',
  1210: '6',
  1220: '7',
  1230: '8',
  1240: '9',
  1040: '10',
  1250: '11',
  1260: '12',
  1270: '13',
  1280: '14',
  1290: '15',
}

/** `YYYY-MM-DD HH:MM:SS`, UTC without saying so. */
export function sqlTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}
