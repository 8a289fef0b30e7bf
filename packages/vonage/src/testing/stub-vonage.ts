import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { VonageConfig } from '../client.ts'
import type { WrittenMessage } from '../message-bodies.ts'

/** A real HTTP server for tests that records requests and answers as it is told. */
export interface StubVonage extends AsyncDisposable {
  url: string
  requests: ReceivedRequest[]
  closeIdleConnections(): void
}

interface ReceivedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void

export async function startStub(answer: Answer): Promise<StubVonage> {
  const requests: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    void respond(request, response)
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request)
    requests.push(received)
    answer(response, received)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = addressOf(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    closeIdleConnections: () => server.closeIdleConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
}

export function testConfig(url: string, changes: Partial<VonageConfig> = {}): VonageConfig {
  return {
    apiUrl: url,
    restUrl: url,
    applicationId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    privateKey: changes.privateKey ?? newPrivateKey(),
    apiKey: 'abcd1234',
    apiSecret: 'api-secret',
    messagesVersion: 'v1',
    smsApi: 'messages',
    senders: { sms: '447700900000', whatsapp: '447700900001', messenger: '100000001', viber_service: 'Switchboard' },
    timeoutMs: 1000,
    ...changes,
  }
}

export function newPrivateKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey
}

export function testMessage(changes: Partial<WrittenMessage> = {}): WrittenMessage {
  return {
    id: 'message-1',
    channel: 'sms',
    to: '447700900010',
    text: 'MSFT 120.24',
    purpose: 'feed',
    createdAt: 0,
    ...changes,
  }
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { method = '', url: path = '', headers } = request
  return { method, path, headers, body: Buffer.concat(chunks).toString() }
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the stub has no port')
  return address
}
