import { setTimeout as wait } from 'node:timers/promises'

import type { WebSocket } from 'ws'

import type { Call } from './call.ts'

/** Calls are looked at once a second, but not all in the same moment. */
const SLOTS = 10
const SLOT_MS = 100

/** The calls that are connected. */
export class CallSet {
  readonly #slots: Set<Call>[] = Array.from({ length: SLOTS }, () => new Set())
  #size = 0
  #added = 0
  #turn = 0
  #timer: NodeJS.Timeout | undefined
  #onEmpty: (() => void) | undefined

  get size(): number {
    return this.#size
  }

  add(call: Call, webSocket: WebSocket): void {
    const slot = this.#slots[this.#added % SLOTS]
    slot?.add(call)
    this.#added += 1
    this.#size += 1
    this.#timer ??= setInterval(() => this.#tick(), SLOT_MS)
    webSocket.once('close', () => {
      slot?.delete(call)
      this.#size -= 1
      if (this.#size === 0) this.#stop()
    })
  }

  /** Waits for the calls to end by themselves, then closes the others with 1012 (service restart), then cuts them off. */
  async end(drainMs: number, closeMs: number): Promise<void> {
    await this.#empty(drainMs)
    this.#forEach((call) => call.close(1012, 'service restart'))
    await this.#empty(closeMs)
    this.#forEach((call) => call.terminate())
    await this.#empty(closeMs)
  }

  async #empty(limitMs: number): Promise<void> {
    if (this.#size === 0) return
    const limit = new AbortController()
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    await Promise.race([empty, wait(limitMs, undefined, { signal: limit.signal }).catch(() => undefined)])
    limit.abort()
  }

  #tick(): void {
    this.#turn = (this.#turn + 1) % SLOTS
    for (const call of this.#slots[this.#turn] ?? []) call.tick()
  }

  #forEach(act: (call: Call) => void): void {
    for (const slot of this.#slots) for (const call of slot) act(call)
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#onEmpty?.()
  }
}
