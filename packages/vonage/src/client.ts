import { factsOf, isChannel } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import type { Accepted } from './accepted.ts'
import { createApi } from './api.ts'
import type { TemplateParameters } from './channels/channel-format.ts'
import type { DispatchWorkflow } from './dispatch.ts'
import { createHttp } from './http.ts'
import type { HttpAnswer } from './http.ts'
import { v01Body, v1Body } from './message-bodies.ts'
import type { WrittenMessage } from './message-bodies.ts'
import { NotAcceptedError } from './outcome.ts'
import { readAccepted, readRefusal } from './read-answer.ts'
import { countParts } from './segments.ts'
import { senderOf } from './sender-of.ts'
import type { Senders } from './sender-of.ts'
import { readSmsAnswer, smsAnswer, smsForm } from './sms-api.ts'
import { callBody } from './voice/call-body.ts'
import { scalar } from './webhooks/fields.ts'

export interface VonageConfig {
  /** Such as `https://api.nexmo.com`. */
  apiUrl: string
  /** Such as `https://rest.nexmo.com`: the SMS API. */
  restUrl: string
  applicationId: string
  /** PEM; newlines may be escaped. Several while one is replaced: the first that Vonage knows signs. */
  privateKey: string
  /** For the SMS API. */
  apiKey?: string | undefined
  apiSecret?: string | undefined
  messagesVersion: 'v1' | 'v0.1'
  smsApi: 'messages' | 'sms'
  senders: Senders
  /** Of connecting, of waiting for an answer, and of reading it, each. Default 10 s. */
  timeoutMs?: number | undefined
  /** How v0.1 takes WhatsApp template parameters. Default `strings`, as the specification has them. */
  templateParameters?: TemplateParameters | undefined
}

export interface VonageClient extends AsyncDisposable {
  /** Sends once, or places a call. Throws NotAcceptedError, which says what became of it. */
  send(message: OutboundMessage): Promise<Accepted>
  /** Starts a Dispatch workflow. Throws as `send` does. */
  dispatch(workflow: DispatchWorkflow): Promise<{ dispatchUuid: string }>
  /** Ends a call leg; one that has ended already is no error. `regionUrl` comes from the call's webhooks. */
  hangUp(call: { uuid: string; regionUrl?: string | undefined }): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 10_000
/** The longest that a request may take, see http.ts. */
export const LONGEST_REQUEST_MS = 2 * DEFAULT_TIMEOUT_MS
const VONAGE_HOST = /\.(nexmo|vonage)\.com$/
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
const accepted = z.object({ message_uuid: scalar })
const placed = z.object({ uuid: scalar })
const dispatched = z.object({ dispatch_uuid: scalar })

/** Throws when the private key is no RSA key, or when the SMS API has no credentials. */
export async function createVonageClient(config: VonageConfig, { now = Date.now } = {}): Promise<VonageClient> {
  const basic = config.smsApi === 'sms' ? basicCredentials(config) : ''
  const http = createHttp({ timeoutMs: config.timeoutMs ?? DEFAULT_TIMEOUT_MS })
  const callApi = await createApi(config, http, now)

  return {
    async send(message) {
      const from = message.from ?? senderOf(config.senders, message.channel)
      return (isWritten(message) ? write(message, from) : call(message, from)).catch((error: unknown) => {
        throw ofCaller(error, from, config.senders[message.channel])
      })
    },

    async dispatch(workflow) {
      const answer = await callApi('POST', join(config.apiUrl, '/v0.1/dispatch'), workflow)
      return { dispatchUuid: readDispatched(answer, now()) }
    },

    async hangUp({ uuid, regionUrl }) {
      const url = join(regionOf(config, regionUrl), `/v1/calls/${encodeURIComponent(uuid)}`)
      const answer = await callApi('PUT', url, { action: 'hangup' })
      if (answer.status > 299 && answer.status !== 404) throw new NotAcceptedError(readRefusal(answer, now()))
    },

    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }

  async function write(message: WrittenMessage, from: string): Promise<Accepted> {
    checkLength(message)
    const isSmsApi = message.channel === 'sms' && config.smsApi === 'sms'
    return isSmsApi ? sendSms(message, from) : sendMessage(message, from)
  }

  async function call(message: OutboundMessage, from: string): Promise<Accepted> {
    const answer = await callApi('POST', join(config.apiUrl, '/v1/calls'), callBody(message, from))
    return { messageUuids: [readAccepted(answer, placed, now()).uuid], parts: 1 }
  }

  async function sendMessage(message: WrittenMessage, from: string): Promise<Accepted> {
    const { path, body } = requestOf(message, from, config)
    const { message_uuid: messageUuid } = readAccepted(
      await callApi('POST', join(config.apiUrl, path), body),
      accepted,
      now(),
    )
    return { messageUuids: [messageUuid], parts: countParts(message.channel, message.text) }
  }

  async function sendSms(message: OutboundMessage, from: string): Promise<Accepted> {
    const answer = await http.request({
      method: 'POST',
      url: join(config.restUrl, '/sms/json'),
      headers: { ...formHeaders, authorization: basic },
      body: smsForm(message, from).toString(),
    })
    return readSmsAnswer(readAccepted(answer, smsAnswer, now()))
  }
}

function requestOf(message: WrittenMessage, from: string, config: VonageConfig): { path: string; body: object } {
  const { messagesVersion, templateParameters = 'strings' } = config
  return messagesVersion === 'v1'
    ? { path: '/v1/messages', body: v1Body(message, from) }
    : { path: '/v0.1/messages', body: v01Body(message, from, templateParameters) }
}

function isWritten(message: OutboundMessage): message is WrittenMessage {
  return isChannel(message.channel)
}

/** Refuses here what Vonage would refuse. */
function checkLength({ channel, text, template }: WrittenMessage): void {
  const { maxTextLength } = factsOf[channel]
  if (template !== undefined || text.length <= maxTextLength) return
  const reason = `${channel} takes ${maxTextLength} characters`
  throw new NotAcceptedError({ kind: 'refused', code: 'text-too-long', reason })
}

/** An address that a caller asked to send from is the caller's problem; our own is the account's. */
function ofCaller(error: unknown, from: string, own: string | undefined): unknown {
  if (from === own || !(error instanceof NotAcceptedError)) return error
  const { outcome } = error
  if (outcome.kind !== 'account' || !outcome.isAboutSender) return error
  return new NotAcceptedError({ ...outcome, kind: 'refused' }, { cause: error })
}

/** Vonage closed Dispatch to new accounts (`unprovisioned`): nobody can mend that, and no sender is to be held for it. */
function readDispatched(answer: HttpAnswer, now: number): string {
  if (answer.status === 401 || answer.status === 403) {
    const outcome = readRefusal(answer, now)
    const isClosed = outcome.kind === 'account' && (outcome.code === 'unprovisioned' || outcome.code === 'http-403')
    throw new NotAcceptedError(isClosed ? { ...outcome, kind: 'refused' } : outcome)
  }
  return readAccepted(answer, dispatched, now).dispatch_uuid
}

function basicCredentials({ apiKey, apiSecret }: VonageConfig): string {
  if (!apiKey || !apiSecret) throw new Error('the SMS API needs the API key and the API secret')
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`
}

/** A call lives in one region. Its URL comes from a webhook, so our token only goes to Vonage. */
function regionOf({ apiUrl }: VonageConfig, regionUrl: string | undefined): string {
  if (regionUrl === undefined || !URL.canParse(regionUrl)) return apiUrl
  const { protocol, hostname } = new URL(regionUrl)
  const isVonage = protocol === 'https:' && VONAGE_HOST.test(hostname) && VONAGE_HOST.test(new URL(apiUrl).hostname)
  return isVonage ? regionUrl : apiUrl
}

function join(base: string, path: string): URL {
  return new URL(base.replace(/\/+$/, '') + path)
}
