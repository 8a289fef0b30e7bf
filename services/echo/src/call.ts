import type { Duplex } from 'node:stream'

import type { Logger } from '@switchboard/runtime'
import type { RawData, WebSocket } from 'ws'

import { ECHO, onFrame, onPong, onText, onTick, openCall } from './call-state.ts'
import type { CallAction, CallState, DropReason, Step } from './call-state.ts'
import { createFrameQueue } from './frame-queue.ts'
import type { FrameWriter } from './frame-writer.ts'
import type { EchoMetrics, FrameTotals } from './metrics.ts'
import { parseText } from './parse-text.ts'

/** 200 ms: beyond that a caller hears a gap rather than an ever later echo. */
const MAX_WAITING_FRAMES = 10
/** The delay of one frame per second is measured. */
const SAMPLE_EVERY = 50
const CLEAR = JSON.stringify({ action: 'clear' })

export interface CallDeps {
  callUuid: string
  /** Under the WebSocket. The peer counts as slow while more than its high-water mark waits to be written. */
  socket: Duplex
  log: Logger
  metrics: EchoMetrics
  writer: FrameWriter
  /** Milliseconds. */
  now: () => number
}

/** One call on its WebSocket: hands what arrives to the decisions in call-state.ts, and does what they say. */
export class Call {
  readonly #webSocket: WebSocket
  readonly #deps: CallDeps
  // Held here and not only in deps: every detour through memory shows at 50 frames a second and call.
  readonly #socket: Duplex
  readonly #writer: FrameWriter
  readonly #totals: FrameTotals
  readonly #waiting = createFrameQueue(MAX_WAITING_FRAMES)
  readonly #startedAt: number
  #state: CallState
  #wasHeard = false
  /** Frames are waiting, and others must not overtake them. */
  #isBehind = false
  #echoed = 0
  #dropped = 0

  constructor(webSocket: WebSocket, deps: CallDeps) {
    this.#webSocket = webSocket
    this.#deps = deps
    this.#socket = deps.socket
    this.#writer = deps.writer
    this.#totals = deps.metrics.totals
    this.#startedAt = deps.now()
    this.#state = openCall(deps.callUuid, this.#startedAt)
    webSocket.on('message', (data, isBinary) => this.#onMessage(data, isBinary))
    webSocket.on('pong', () => this.#onPong())
    webSocket.on('close', (code) => this.#onClose(code))
    webSocket.on('error', (error) => deps.log.warn({ call: deps.callUuid, reason: error.message }, 'call.broken'))
    deps.socket.on('drain', () => this.#sendWaiting())
  }

  /** To be called about once a second. */
  tick(): void {
    const wasHeard = this.#wasHeard
    this.#wasHeard = false
    this.#take(onTick(this.#state, wasHeard, this.#deps.now()))
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  terminate(): void {
    this.#webSocket.terminate()
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (!Buffer.isBuffer(data) || this.#webSocket.readyState !== this.#webSocket.OPEN) return
    this.#wasHeard = true
    if (!isBinary) return this.#take(onText(this.#state, parseText(data.toString())))
    const step = onFrame(this.#state, data.length)
    if (step === ECHO) this.#echo(data)
    else this.#take(step, data)
  }

  #onPong(): void {
    this.#wasHeard = true
    this.#take(onPong(this.#state))
  }

  #take({ state, actions }: Step, frame?: Buffer): void {
    if (state) this.#state = state
    for (const action of actions) this.#act(action, frame)
  }

  #act(action: CallAction, frame: Buffer | undefined): void {
    const { callUuid, log } = this.#deps
    switch (action.kind) {
      case 'echo':
        if (frame) this.#echo(frame)
        return
      case 'drop':
        return this.#countDrops(action.reason, 1)
      case 'clear':
        this.#countDrops('cleared', this.#waiting.clear())
        this.#isBehind = false
        return this.#webSocket.send(CLEAR)
      case 'ping':
        return this.#webSocket.ping()
      case 'hold':
        return log.warn({ call: callUuid }, 'call.slow-peer')
      case 'resume':
        return this.#sendWaiting()
      case 'log':
        return log.info({ call: callUuid, ...action.details }, action.event)
      case 'close':
        return this.close(action.code, action.reason)
      case 'terminate':
        return this.terminate()
    }
  }

  #echo(frame: Buffer): void {
    const isSampled = this.#echoed % SAMPLE_EVERY === 0
    const arrivedAt = isSampled ? performance.now() : 0
    if (!this.#isBehind && this.#canSend()) return this.#send(frame, arrivedAt)
    this.#isBehind = true
    if (!this.#waiting.push(frame, arrivedAt)) this.#countDrops('slow-peer', 1)
  }

  #canSend(): boolean {
    return !this.#state.isHeld && !this.#socket.writableNeedDrain
  }

  #send(frame: Buffer, arrivedAt: number): void {
    this.#echoed += 1
    this.#totals.echoed += 1
    const done = arrivedAt === 0 ? undefined : () => this.#observeDelay(arrivedAt)
    if (this.#socket.writableLength === 0) this.#writer.write(this.#socket, frame, done)
    else this.#webSocket.send(frame, done)
  }

  #observeDelay(arrivedAt: number): void {
    this.#deps.metrics.observeDelay((performance.now() - arrivedAt) / 1_000)
  }

  #sendWaiting(): void {
    while (this.#canSend() && this.#webSocket.readyState === this.#webSocket.OPEN) {
      const next = this.#waiting.shift()
      if (!next) {
        this.#isBehind = false
        return
      }
      this.#send(next.frame, next.arrivedAt)
    }
  }

  #countDrops(reason: DropReason, count: number): void {
    this.#dropped += count
    this.#totals.dropped[reason] += count
  }

  #onClose(code: number): void {
    const { callUuid, log, metrics, now } = this.#deps
    metrics.countEnd(code)
    const seconds = Math.round((now() - this.#startedAt) / 1_000)
    log.info({ call: callUuid, code, seconds, echoed: this.#echoed, dropped: this.#dropped }, 'call.ended')
  }
}
