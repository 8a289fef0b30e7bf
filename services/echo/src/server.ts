import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { createSeldom, createServer } from '@switchboard/runtime'
import type { Logger } from '@switchboard/runtime'
import type { Registry } from 'prom-client'
import { WebSocketServer } from 'ws'

import { admit, SOCKET_PATH } from './admission.ts'
import type { AdmissionDeps } from './admission.ts'
import { CallSet } from './call-set.ts'
import { Call } from './call.ts'
import { FrameWriter } from './frame-writer.ts'
import { createMetrics } from './metrics.ts'
import type { EchoMetrics } from './metrics.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

export interface EchoOptions {
  port: number
  /** Where to listen; this machine only when left out. */
  host?: string
  tokenSecret: string
  usedTokens: AdmissionDeps['usedTokens']
  maxCalls: number
  /** How long running calls may go on after stopping has begun. */
  drainMs: number
  log: Logger
  registry: Registry
  /** Milliseconds. */
  now: () => number
}

export interface EchoServer extends AsyncDisposable {
  readonly port: number
  readonly callCount: number
  readonly isDraining: boolean
}

/** An audio frame has 960 bytes at most, the first text frame little more than its 512 bytes of headers. */
const MAX_MESSAGE_BYTES = 4_096
/** About six frames: when that much waits to be written, the peer does not keep up. */
const HIGH_WATER_MARK_BYTES = 4_096
const HANDSHAKE_LIMIT_MS = 5_000
/** For handshakes, and for calls beyond the cap to be told so. Beyond these, connections are dropped. */
const SPARE_CONNECTIONS = 1_000
/** How long a peer may take to answer our close frame. */
const CLOSE_LIMIT_MS = 2_000
/** Echoes the audio of calls on `GET /socket`. Disposing it lets running calls end first, within `drainMs`. */
export async function startEchoServer(options: EchoOptions): Promise<EchoServer> {
  const { log, now, tokenSecret, maxCalls } = options
  const calls = new CallSet()
  const metrics = createMetrics(options.registry, () => calls.size)
  const writer = new FrameWriter()
  let isDraining = false
  const admission: AdmissionDeps = {
    tokenSecret,
    maxCalls,
    now,
    usedTokens: options.usedTokens,
    callCount: () => calls.size,
    isDraining: () => isDraining,
  }
  const server = createHttpServer()
  server.maxConnections = maxCalls + SPARE_CONNECTIONS
  const webSockets = createWebSocketServer()
  const seldom = createSeldom(now)
  server.on('upgrade', (request, socket, head) => {
    const accept = (callUuid: string) => {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        log.info({ call: callUuid }, 'call.started')
        calls.add(new Call(webSocket, { callUuid, socket, log, metrics, writer, now }), webSocket)
      })
    }
    answerUpgrade(request, socket, { admission, metrics, log, seldom, accept }).catch((error: unknown) => {
      // One call that cannot be answered must not end the others.
      log.error({ error }, 'call.not-answered')
      socket.destroy()
    })
  })
  await listen(server, options.port, options.host ?? '127.0.0.1')
  const address = server.address()

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get callCount() {
      return calls.size
    },
    get isDraining() {
      return isDraining
    },
    async [Symbol.asyncDispose]() {
      isDraining = true
      server.close()
      await calls.end(options.drainMs, CLOSE_LIMIT_MS)
      server.closeAllConnections()
    },
  }
}

interface UpgradeDeps {
  admission: AdmissionDeps
  metrics: EchoMetrics
  log: Logger
  seldom: ReturnType<typeof createSeldom>
  accept: (callUuid: string) => void
}

async function answerUpgrade(request: IncomingMessage, socket: Duplex, deps: UpgradeDeps): Promise<void> {
  const { admission, metrics, log, seldom, accept } = deps
  // Nobody else listens for a reset while the token is checked.
  const onError = () => socket.destroy()
  socket.on('error', onError)
  const decision = await admit(request, admission)
  if (decision.kind === 'refuse') {
    metrics.countHandshake(decision.outcome)
    const { status, reason } = decision
    seldom((fields, event) => log.warn(fields, event), { status, reason }, 'call.refused')
    return refuseUpgrade(socket, status, reason)
  }
  socket.off('error', onError)
  metrics.countHandshake('accepted')
  accept(decision.callUuid)
}

function createHttpServer(): Server {
  return createServer(
    {
      highWaterMark: HIGH_WATER_MARK_BYTES,
      headersTimeout: HANDSHAKE_LIMIT_MS,
      requestTimeout: HANDSHAKE_LIMIT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
    },
    (request, response) => {
      const isSocketPath = request.url?.split('?')[0] === SOCKET_PATH
      response.writeHead(isSocketPath ? 426 : 404, {
        connection: 'close',
        ...(isSocketPath && { upgrade: 'websocket' }),
      })
      response.end()
    },
  )
}

function createWebSocketServer(): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    // On audio it saves nothing and costs 14 times the time of a frame.
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    maxFragments: 16,
    closeTimeout: CLOSE_LIMIT_MS,
  }
  return new WebSocketServer(options)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`ECHO_PORT ${port} cannot be used`, { cause: error })))
    server.listen(port, host, resolve)
  })
}
