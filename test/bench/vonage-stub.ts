// Stands in for Vonage: accepts every message and says when as many have come as are waited for.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

import { z } from 'zod'

let received = 0
let awaited = Infinity

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(202, { 'content-type': 'application/json' }).end(`{"message_uuid":"${randomUUID()}"}`)
    received += 1
    if (received === awaited) process.send?.({ received, at: performance.timeOrigin + performance.now() })
  })
})

const request = z.object({ count: z.number().optional() })
process.on('message', (message) => {
  const { count } = request.parse(message)
  if (count === undefined) process.send?.(address())
  else {
    received = 0
    awaited = count
    process.send?.('counting')
  }
})

server.listen(0, '127.0.0.1', () => process.send?.('ready'))

function address(): string {
  const bound = server.address()
  return typeof bound === 'object' ? `http://127.0.0.1:${bound?.port}` : ''
}
