import type { Account } from '../account.ts'
import { asText } from '../messages/read-body.ts'
import type { Attempt } from '../request-log.ts'
import type { HttpClient } from '../webhooks/post.ts'
import type { WebhookSender } from '../webhooks/sender.ts'
import type { Call, ConnectedLeg } from './call.ts'
import { parseNcco, type Ncco } from './ncco.ts'

export interface CallEvents {
  /**
   * Posts an event of the call itself; events of one call go out one after the other. What comes back is an NCCO that
   * the application answered with, if any.
   */
  post(call: Call, status: string, extra?: Record<string, unknown>): Promise<Ncco | null>
  postLeg(call: Call, leg: ConnectedLeg, status: string, extra?: Record<string, unknown>): void
  /** Posts an event whose answer may carry an NCCO that replaces what would follow. */
  ask(call: Call, body: Record<string, unknown>, url?: string, method?: 'GET' | 'POST'): Promise<Ncco | null>
  /** Waits until everything posted so far has been answered or given up. */
  settled(call: Call): Promise<void>
}

export interface CallEventsDeps {
  account: Pick<Account, 'settings'>
  webhooks: Pick<WebhookSender, 'ask'>
  eventHttp: Pick<HttpClient, 'post'>
  changed: (call: Call) => void
}

export function createCallEvents(deps: CallEventsDeps): CallEvents {
  const queues = new WeakMap<Call, Promise<unknown>>()

  const enqueue = <T>(call: Call, send: () => Promise<T>): Promise<T> => {
    const before = queues.get(call) ?? Promise.resolve()
    const after = before.then(send)
    queues.set(call, after)
    return after
  }
  const send = async (call: Call, body: Record<string, unknown>, url?: string, method?: 'GET' | 'POST') => {
    note(call, body, deps.changed)
    const target = { url: url ?? call.eventUrl, method: method ?? call.eventMethod }
    return nccoIn(await enqueue(call, () => sendEvent(deps, call, body, target)))
  }
  return {
    post: (call, status, extra = {}) => send(call, { ...bodyOf(call, status), ...extra }),
    postLeg: (call, leg, status, extra) => void send(call, legBody(call, leg, status, extra)),
    ask: send,
    settled: async (call) => void (await queues.get(call)),
  }
}

function nccoIn({ status, answer = '' }: Attempt): Ncco | null {
  if (status === null || status >= 300 || !answer.trim().startsWith('[')) return null
  const parsed = parseNcco(answer)
  return parsed.ok ? parsed.ncco : null
}

/** An event of a WebSocket leg: `to` is the address of the socket, and the endpoint's headers come along. */
export function legBody(
  call: Call,
  leg: ConnectedLeg,
  status: string,
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    ...bodyOf(call, status),
    to: leg.uri,
    uuid: leg.uuid,
    direction: 'outbound',
    ...(leg.endpoint.headers ? { headers: leg.endpoint.headers } : {}),
    ...extra,
  }
}

function bodyOf(call: Call, status: string): Record<string, unknown> {
  return {
    from: call.from,
    to: call.to,
    uuid: call.uuid,
    conversation_uuid: call.conversationUuid,
    status,
    direction: call.direction,
    timestamp: new Date().toISOString(),
  }
}

function note(call: Call, body: Record<string, unknown>, changed: (call: Call) => void): void {
  const where = body.uuid === call.uuid || body.uuid === undefined ? '' : ' (websocket)'
  const name = asText(body.status) ?? asText(body.reason) ?? 'event'
  const text = `${name}${where}`
  call.lines.push({ at: new Date().toISOString(), kind: 'event', text })
  changed(call)
}

/** One more attempt when the first one met nobody. */
async function sendEvent(
  deps: CallEventsDeps,
  call: Call,
  body: Record<string, unknown>,
  { url, method }: { url: string | null; method: 'GET' | 'POST' | null },
): Promise<Attempt> {
  const settings = deps.account.settings()
  const isGet = (method ?? settings.eventMethod) === 'GET'
  const webhook = {
    kind: 'voice' as const,
    url: url === null ? settings.urls.event : fromHere(url, settings.urls.event),
    format: isGet ? ('get' as const) : ('post-json' as const),
    body,
    signing: 'jwt' as const,
    hasApplication: true,
    about: [call.uuid],
  }
  const first = await deps.webhooks.ask(webhook, deps.eventHttp)
  return mayRepeat(first) ? deps.webhooks.ask(webhook, deps.eventHttp) : first
}

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/

/**
 * In a container `localhost` is the container itself. An address of the application on this machine is therefore asked
 * where its events go.
 */
export function fromHere(url: string, eventUrl: string): string {
  const [asked, known] = [new URL(url), new URL(eventUrl)]
  if (!LOOPBACK.test(asked.hostname) || LOOPBACK.test(known.hostname)) return url
  return new URL(`${asked.pathname}${asked.search}`, known).href
}

/** Nobody answered in time, or the application said that it cannot now. */
export function mayRepeat(attempt: Attempt): boolean {
  return attempt.status === null || [429, 503, 504].includes(attempt.status)
}
