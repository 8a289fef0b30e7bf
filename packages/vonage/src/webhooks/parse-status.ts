import { dispatchReport, messageStatus, parseChannel, reportedState } from '@switchboard/contracts'
import type { ProviderError, StatusWebhook } from '@switchboard/contracts'
import { z } from 'zod'

import { endpointV01, optionalScalar, scalar, usage } from './fields.ts'
import { eventTime } from './parse-timestamp.ts'
import { describe, parsedAs, unrecognised } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** v1: a problem object whose title is the code. v0.1: code and reason. */
const errorObject = z.object({
  type: optionalScalar,
  title: optionalScalar,
  detail: optionalScalar,
  code: optionalScalar,
  reason: optionalScalar,
})

const status = z.object({
  message_uuid: scalar,
  channel: z.string().optional(),
  to: z.union([scalar, endpointV01]).optional(),
  timestamp: z.string().optional(),
  status: z.string(),
  error: errorObject.nullish(),
  client_ref: optionalScalar,
  usage: usage.nullish(),
  _links: z.object({ workflow: z.object({ dispatch_uuid: optionalScalar }).optional() }).nullish(),
})

const report = z.object({
  dispatch_uuid: scalar,
  status: z.string(),
  timestamp: z.string().optional(),
  _links: z
    .object({
      messages: z.array(z.object({ message_uuid: scalar, channel: z.string().optional(), status: z.string() })),
    })
    .optional(),
})

/** A status webhook of the Messages API, v1 or v0.1, or of Dispatch: a message's status or the final report. */
export function parseStatus(body: unknown, receivedAt: number): Parsed<StatusWebhook> {
  return isReport(body) ? parseReport(body, receivedAt) : parseMessageStatus(body, receivedAt)
}

function parseMessageStatus(body: unknown, receivedAt: number): Parsed<StatusWebhook> {
  const read = status.safeParse(body)
  if (!read.success) return unrecognised(describe(read.error))
  const { to, error, ...webhook } = read.data
  const state = reportedState.safeParse(webhook.status)
  if (!state.success) return unrecognised('status: not a status of the Messages API')
  const channel = typeof to === 'object' ? to.type : webhook.channel
  return parsedAs(messageStatus, {
    kind: 'message',
    messageUuid: webhook.message_uuid,
    clientRef: webhook.client_ref,
    dispatchUuid: webhook._links?.workflow?.dispatch_uuid,
    channel: channel === undefined ? undefined : parseChannel(channel),
    to: typeof to === 'object' ? (to.number ?? to.id) : to,
    state: state.data,
    at: eventTime(webhook.timestamp, receivedAt),
    receivedAt,
    error: error ? readError(error) : undefined,
    price: webhook.usage?.price,
    currency: webhook.usage?.currency,
  })
}

function parseReport(body: unknown, receivedAt: number): Parsed<StatusWebhook> {
  const read = report.safeParse(body)
  if (!read.success) return unrecognised(describe(read.error))
  const outcome = dispatchReport.shape.status.safeParse(read.data.status)
  if (!outcome.success) return unrecognised('status: not a status of a final report')
  return parsedAs(dispatchReport, {
    kind: 'dispatch-report',
    dispatchUuid: read.data.dispatch_uuid,
    status: outcome.data,
    at: eventTime(read.data.timestamp, receivedAt),
    receivedAt,
    messages: (read.data._links?.messages ?? []).map((message) => ({
      messageUuid: message.message_uuid,
      channel: message.channel === undefined ? undefined : parseChannel(message.channel),
      status: message.status,
    })),
  })
}

function readError(error: z.output<typeof errorObject>): ProviderError {
  const fragment = error.type?.split('#').at(1)
  const code = [error.code, error.title, fragment].find((candidate) => /^\d+$/.test(candidate ?? ''))
  return {
    code: code ?? error.code ?? error.title ?? 'unknown',
    reason: error.detail ?? error.reason ?? error.title ?? 'no reason given',
  }
}

function isReport(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'dispatch_uuid' in body && !('message_uuid' in body)
}
