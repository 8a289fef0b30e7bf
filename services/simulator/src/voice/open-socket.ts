import type { RequestLog } from '../request-log.ts'
import type { Call } from './call.ts'
import { openWebsocketLeg, type LegOptions, type WebsocketLeg } from './websocket-leg.ts'

/** Names of this machine and of its private network: nothing with a certificate that anybody could check. */
const NEARBY = /^(localhost|127\.[\d.]+|\[::1\]|[^.]+|host\.docker\.internal)$/

/**
 * Opens the application's socket, and says so in the log. Who develops on one machine has no certificate there: a
 * `wss://` that leads to a plain server nearby is asked as `ws://`. Rejects with why it could not be opened.
 */
export async function openSocket(
  call: Call,
  options: LegOptions,
  log: Pick<RequestLog, 'add'>,
): Promise<{ socket: WebsocketLeg; uri: string }> {
  const { uri } = options.endpoint
  try {
    return { socket: await openAs(uri, call, options, log), uri }
  } catch (error) {
    if (!isWithoutTls(uri, error)) throw error
    const plain = uri.replace(/^wss:/, 'ws:')
    return { socket: await openAs(plain, call, options, log), uri: plain }
  }
}

async function openAs(uri: string, call: Call, options: LegOptions, log: Pick<RequestLog, 'add'>) {
  const startedAt = Date.now()
  const write = (status: number | null, verdict: string, answer = '') =>
    log.add({
      kind: 'socket',
      method: 'GET',
      url: uri,
      headers: options.authorization === undefined ? {} : { authorization: options.authorization },
      body: '',
      verdict,
      isVerified: status === 101,
      faults: [],
      about: [call.uuid],
      status,
      answer,
      attempts: [{ at: new Date(startedAt).toISOString(), status, tookMs: Date.now() - startedAt }],
      state: status === 101 ? 'done' : 'given-up',
    })
  try {
    const socket = await openWebsocketLeg({ ...options, endpoint: { ...options.endpoint, uri } })
    write(101, uri === options.endpoint.uri ? 'WebSocket open' : 'wss:// found no TLS there, ws:// is open')
    return socket
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    write(statusIn(reason), isWithoutTls(uri, error) ? 'no TLS there, ws:// follows' : 'WebSocket not open', reason)
    throw error
  }
}

function isWithoutTls(uri: string, error: unknown): boolean {
  if (!uri.startsWith('wss:') || !NEARBY.test(new URL(uri).hostname)) return false
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'EPROTO' || code === 'ECONNRESET' || code.startsWith('ERR_SSL')
}

/** `ws` tells a refused handshake in words. */
function statusIn(reason: string): number | null {
  const status = /Unexpected server response: (\d{3})/.exec(reason)?.[1]
  return status === undefined ? null : Number(status)
}
