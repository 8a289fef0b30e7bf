import type { Channel, InboundMessage, ProviderError, ReportedState } from '@switchboard/contracts'
import type { z } from 'zod'

import { formats } from './channels/formats.ts'

export interface Problem {
  type: string
  title: string
  detail: string
  instance: string
}

/** The 400 of `POST /v0.1/dispatch`: unlike Messages v1 it names one invalid parameter, as an object. */
export function dispatchProblem(
  error: z.ZodError,
  instance: string,
): Problem & { invalid_parameters: { name: string; reason: string } } {
  const problems = error.issues.map(({ path, message }) => ({ name: pathOf(path), reason: message }))
  return {
    type: 'https://www.nexmo.com/messages/Errors#InvalidParams',
    title: 'Your request parameters did not validate.',
    detail: problems.map(({ name, reason }) => `${name} ${reason}`).join(' '),
    instance,
    invalid_parameters: problems[0] ?? { name: '', reason: 'is not valid.' },
  }
}

/** The 401 of Vonage's messaging APIs, with their spelling. */
export function credentialsProblem(instance: string): Problem {
  return {
    type: 'https://developer.vonage.com/api-errors/#unathorized',
    title: 'You did not provide correct credentials.',
    detail: 'Check that your JWT or your API key and secret are right, and that the application is ours.',
    instance,
  }
}

export interface DispatchStatus {
  dispatchUuid: string
  messageUuid: string
  channel: Channel
  from: string
  to: string
  state: ReportedState
  /** Milliseconds. */
  at: number
  error?: ProviderError | undefined
  clientRef?: string | undefined
  price?: string | undefined
  currency?: string | undefined
}

/** The status webhook of one message of a workflow: Messages v0.1 with a link to the workflow. */
export function dispatchStatusBody(status: DispatchStatus): object {
  const { v01 } = formats[status.channel]
  return {
    message_uuid: status.messageUuid,
    from: { type: v01.type, [v01.from]: status.from },
    to: { type: v01.type, [v01.to]: status.to },
    timestamp: new Date(status.at).toISOString(),
    status: status.state,
    error: status.error && { code: numberIfPossible(status.error.code), reason: status.error.reason },
    usage: usageOf(status),
    client_ref: status.clientRef,
    _links: { workflow: { dispatch_uuid: status.dispatchUuid, href: `/workflows/${status.dispatchUuid}` } },
  }
}

export interface FinalReport {
  dispatchUuid: string
  status: 'completed' | 'error'
  /** Milliseconds. */
  at: number
  price?: string | undefined
  currency?: string | undefined
  messages: {
    messageUuid: string
    channel: Channel
    status: string
    price?: string | undefined
    currency?: string | undefined
  }[]
}

/** What a person answered to a workflow, as Messages v0.1 passes it on. */
export function dispatchInboundBody({ id, channel, from, to, receivedAt, ...said }: InboundMessage): object {
  const { v01 } = formats[channel]
  return {
    message_uuid: id,
    timestamp: new Date(receivedAt).toISOString(),
    direction: 'inbound',
    from: { type: v01.type, [v01.to]: from },
    to: { type: v01.type, [v01.from]: to },
    message: { content: contentOf(said) },
  }
}

function contentOf({ kind, text, caption, media }: Pick<InboundMessage, 'kind' | 'text' | 'caption' | 'media'>) {
  if (text !== null) return { type: 'text', text }
  return media ? { type: kind, [kind]: { url: media.url, name: media.name, caption } } : { type: 'unsupported' }
}

/** The final report of a workflow. */
export function finalReportBody(report: FinalReport): object {
  return {
    dispatch_uuid: report.dispatchUuid,
    template: 'failover',
    status: report.status,
    timestamp: new Date(report.at).toISOString(),
    usage: usageOf(report),
    _links: {
      messages: report.messages.map((message) => ({
        message_uuid: message.messageUuid,
        href: `/messages/${message.messageUuid}`,
        channel: formats[message.channel].v01.type,
        usage: usageOf(message),
        status: message.status,
      })),
    },
  }
}

function usageOf({ price, currency }: { price?: string | undefined; currency?: string | undefined }) {
  return price === undefined ? undefined : { price, currency: currency ?? 'EUR' }
}

function numberIfPossible(code: string): number | string {
  return /^\d+$/.test(code) ? Number(code) : code
}

/** `workflow[0].failover.expiry_time` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
