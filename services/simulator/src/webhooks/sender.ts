import type { Account } from '../account.ts'
import type { Channel } from '../channels.ts'
import type { Clock } from '../clock.ts'
import type { Credentials } from '../credentials.ts'
import type { Faults, WebhookFault } from '../faults.ts'
import type { Attempt, LogEntry, RequestLog } from '../request-log.ts'
import { composeRequest, type Webhook } from './compose.ts'
import type { HttpClient } from './post.ts'

export interface WebhookSender {
  /** Sends and, when the application is away or busy, sends again as Vonage does. `onSettled` hears the end of it. */
  send(webhook: Webhook, subject?: WebhookSubject, onSettled?: (isDelivered: boolean) => void): void
  /** One attempt whose answer matters, for voice; the caller decides about another one. */
  ask(webhook: Webhook, http: Pick<HttpClient, 'post'>): Promise<Attempt>
  /** Forgets webhooks that still wait for their retry. */
  reset(): void
}

export interface WebhookSubject {
  channel?: Channel
  address?: string
}

export interface WebhookSenderDeps {
  account: Pick<Account, 'settings'>
  credentials: Credentials
  clock: Pick<Clock, 'after' | 'now' | 'state'>
  faults: Pick<Faults, 'takeWebhook'>
  log: Pick<RequestLog, 'add' | 'changed'>
  http: Pick<HttpClient, 'post'>
}

const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 15 * 60_000
const GIVE_UP_MS = 24 * 3_600_000
/** A webhook held back to be overtaken goes out by itself when nothing follows it. */
const LONGEST_HOLD_MS = 3_000

interface Shipment {
  webhook: Webhook
  entry: LogEntry
  faults: WebhookFault['kind'][]
  bornAt: number
  generation: number
  onSettled: (isDelivered: boolean) => void
}

export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { clock, faults, log } = deps
  let generation = 0
  const held = createHold(clock)

  const attempt = async (shipment: Shipment) => {
    const isFirst = shipment.entry.attempts.length === 0
    const result = await tryOnce(deps, shipment, isFirst ? shipment.faults : [])
    if (shipment.generation !== generation) return
    settle(deps, shipment, result, () => void attempt(shipment))
  }
  return {
    send(webhook, subject = {}, onSettled = () => {}) {
      const happening = faults.takeWebhook({ ...subject, webhook: webhook.kind })
      const kinds = happening.map((fault) => fault.kind)
      const entry = log.add(openEntry(webhook, kinds))
      const shipment = { webhook, entry, faults: kinds, bornAt: clock.now(), generation, onSettled }
      if (kinds.includes('drop')) {
        abandon(deps, shipment)
        return
      }
      const go = async () => {
        const again = kinds.includes('duplicate') ? tryOnce(deps, shipment, []) : null
        await Promise.all([attempt(shipment), again])
      }
      const delay = happening.find((fault) => fault.kind === 'delay')
      // Only one of the same kind and person overtakes: what others get in between changes no order.
      const lane = `${webhook.kind}/${subject.channel ?? ''}/${subject.address ?? ''}`
      if (delay?.kind === 'delay') clock.after(delay.ms, () => void go())
      else if (kinds.includes('reorder')) held.hold(lane, () => void go())
      else void go().then(() => held.release(lane))
    },
    async ask(webhook, http) {
      const happening = faults.takeWebhook({ webhook: webhook.kind })
      const kinds = happening.map((fault) => fault.kind)
      const entry = log.add(openEntry(webhook, kinds))
      const shipment = { webhook, entry, faults: kinds, bornAt: clock.now(), generation, onSettled: () => {} }
      if (kinds.includes('drop')) {
        abandon(deps, shipment)
        return { at: entry.at, status: null, error: 'fault: drop', tookMs: 0 }
      }
      const delay = happening.find((fault) => fault.kind === 'delay')
      if (delay?.kind === 'delay') await new Promise<void>((resolve) => void clock.after(delay.ms, resolve))
      const result = await tryOnce({ ...deps, http }, shipment, kinds)
      entry.state = isAccepted(result) ? 'done' : 'given-up'
      log.changed(entry)
      return result
    },
    reset() {
      generation += 1
      held.clear()
    },
  }
}

/** Webhooks that wait to be overtaken, by lane. */
function createHold(clock: Pick<Clock, 'after'>) {
  const lanes = new Map<string, (() => void)[]>()
  const release = (lane: string) => {
    const waiting = lanes.get(lane) ?? []
    lanes.delete(lane)
    for (const go of waiting) go()
  }
  return {
    hold(lane: string, go: () => void) {
      lanes.set(lane, [...(lanes.get(lane) ?? []), go])
      clock.after(LONGEST_HOLD_MS, () => release(lane))
    },
    release,
    clear: () => lanes.clear(),
  }
}

async function tryOnce(deps: WebhookSenderDeps, shipment: Shipment, faults: WebhookFault['kind'][]): Promise<Attempt> {
  const { entry } = shipment
  const nowSeconds = Math.floor(Date.now() / 1_000)
  const settings = deps.account.settings()
  const signing = isSigned(shipment.webhook, settings) ? shipment.webhook.signing : 'none'
  const reuse = !settings.resignRetries && faults.length === 0 && entry.headers.authorization !== undefined
  const composed = composeRequest({ ...shipment.webhook, signing }, deps.credentials, settings, faults, nowSeconds)
  if (reuse) composed.headers = entry.headers
  Object.assign(entry, { ...composed, verdict: composed.verdict, isVerified: composed.verdict.startsWith('signed') })
  const result = await deps.http.post(composed)
  entry.attempts.push(result)
  entry.status = result.status
  entry.answer = result.answer ?? result.error ?? ''
  deps.log.changed(entry)
  return result
}

function isSigned(webhook: Webhook, settings: ReturnType<Account['settings']>): boolean {
  if (webhook.signing === 'sig') return settings.smsSignatureMethod !== null
  return webhook.kind === 'voice' ? settings.signVoiceWebhooks : settings.signWebhooks
}

function settle(deps: WebhookSenderDeps, shipment: Shipment, result: Attempt, again: () => void): void {
  const { entry } = shipment
  const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (entry.attempts.length - 1), LONGEST_RETRY_MS)
  const isOld = deps.clock.now() + delayMs - shipment.bornAt > GIVE_UP_MS
  if (isAccepted(result)) {
    entry.state = 'done'
    shipment.onSettled(true)
  } else if (!isRetried(result) || isOld || !deps.account.settings().webhookRetries) {
    entry.state = 'given-up'
    shipment.onSettled(false)
  } else {
    entry.state = 'retrying'
    entry.nextAttemptAt = new Date(Date.now() + delayMs / deps.clock.state().speed).toISOString()
    deps.clock.after(delayMs, again)
  }
  deps.log.changed(entry)
}

function abandon(deps: WebhookSenderDeps, shipment: Shipment): void {
  shipment.entry.state = 'given-up'
  shipment.entry.verdict = 'fault: drop'
  deps.log.changed(shipment.entry)
  shipment.onSettled(false)
}

function isAccepted(result: Attempt): boolean {
  return result.status !== null && result.status >= 200 && result.status < 300
}

/** Retried on 429, 5xx and when nobody answers; any other answer loses the event. */
function isRetried(result: Attempt): boolean {
  return result.status === null || result.status === 429 || result.status >= 500
}

function openEntry(webhook: Webhook, faults: string[]): Omit<LogEntry, 'id' | 'at'> {
  return {
    kind: 'webhook',
    method: webhook.format === 'get' ? 'GET' : 'POST',
    url: webhook.url,
    headers: {},
    body: JSON.stringify(webhook.body),
    verdict: '',
    isVerified: true,
    faults,
    about: webhook.about,
    status: null,
    answer: '',
    attempts: [],
    state: 'open',
  }
}
