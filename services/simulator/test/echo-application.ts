import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { WebSocketServer } from 'ws'

import type { Rig } from '../src/testing/start.ts'

/** Answers calls as an application would: a greeting, then a WebSocket that plays everything back. */
export async function answerCalls(rig: Rig): Promise<AsyncDisposable> {
  const http = createServer()
  const server = new WebSocketServer({ server: http })
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => isBinary && socket.send(data))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = isAddress(address) ? address.port : 0
  const ncco = [
    { action: 'talk', text: 'Hello. Everything you say comes back to you.' },
    {
      action: 'connect',
      endpoint: [{ type: 'websocket', uri: `ws://127.0.0.1:${port}/socket`, 'content-type': 'audio/l16;rate=16000' }],
    },
  ]
  rig.application.answer(({ path }) => (path === '/webhooks/answer' ? { status: 200, body: ncco } : { status: 200 }))
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      server.close()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
