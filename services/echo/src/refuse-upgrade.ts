import type { Duplex } from 'node:stream'

import { STATUS_CODES } from '@switchboard/runtime'

/** Answers a handshake with a problem (RFC 9457) instead of an upgrade, and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: number, detail: string): void {
  const title = STATUS_CODES[status] ?? 'Refused'
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(status === 503 ? ['Retry-After: 1'] : []),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
