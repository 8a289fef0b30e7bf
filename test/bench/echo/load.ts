import { setTimeout as wait } from 'node:timers/promises'

import { issueToken } from '@switchboard/tokens'

import { openCall } from './load-call.ts'
import type { LoadCall } from './load-call.ts'

/** The load generator, a process of its own. Answers every request with a reply. */
export type LoadRequest =
  | { kind: 'grow'; target: string; port: number; secret: string; calls: number }
  | { kind: 'run'; target: string; ms: number }
  | { kind: 'end' }
export type LoadReply =
  | { kind: 'grown' }
  | { kind: 'ended' }
  | ({ kind: 'ran' } & LoadResult)
  | { kind: 'failed'; reason: string }

export interface LoadResult {
  sent: number
  lost: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Of this process, 0 to 1: near 1 it measures itself. */
  utilization: number
}

const FRAME_MS = 20
const GRACE_MS = 500
const targets = new Map<string, LoadCall[]>()
const delays = new Float64Array(2_000_000)
let delayCount = 0
const onDelay = (delayMs: number) => void (delays[delayCount++ % delays.length] = delayMs)

async function grow({ target, port, secret, calls }: LoadRequest & { kind: 'grow' }): Promise<LoadReply> {
  const open = targets.get(target) ?? []
  targets.set(target, open)
  while (open.length < calls) {
    const count = Math.min(20, calls - open.length)
    open.push(
      ...(await Promise.all(Array.from({ length: count }, (_, index) => openOne(`${target}-${open.length + index}`)))),
    )
  }
  return { kind: 'grown' }

  async function openOne(callUuid: string): Promise<LoadCall> {
    const token = await issueToken(secret, { purpose: 'echo', subject: callUuid, ttlSeconds: 60, now: Date.now() })
    const call = await openCall(port, token, onDelay)
    if (!target.startsWith('bare')) call.sayConnected(callUuid)
    return call
  }
}

/** Every call sends a frame each 20 ms; the calls are spread evenly over these 20 ms. */
async function run({ target, ms }: LoadRequest & { kind: 'run' }): Promise<LoadReply> {
  const calls = targets.get(target) ?? []
  delayCount = 0
  const before = performance.eventLoopUtilization()
  const startedAt = performance.now()
  const total = Math.round((ms / FRAME_MS) * calls.length)
  let sent = 0
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / FRAME_MS) * calls.length))
    for (; sent < due; sent += 1) calls[sent % calls.length]?.send()
    await wait(1)
  }
  const { utilization } = performance.eventLoopUtilization(before)
  const missing = () => calls.reduce((sum, call) => sum + call.missing, 0)
  for (const until = performance.now() + GRACE_MS; missing() > 0 && performance.now() < until;) await wait(5)
  const lost = missing()
  for (const call of calls) call.reset()
  const sorted = delays.subarray(0, Math.min(delayCount, delays.length)).toSorted()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Infinity
  return { kind: 'ran', sent, lost, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), utilization }
}

/** All calls hang up. */
async function end(): Promise<LoadReply> {
  for (const call of [...targets.values()].flat()) call.end()
  targets.clear()
  return { kind: 'ended' }
}

function answer(request: LoadRequest): Promise<LoadReply> {
  switch (request.kind) {
    case 'grow':
      return grow(request)
    case 'run':
      return run(request)
    case 'end':
      return end()
  }
}

process.on('message', async (request: LoadRequest) => {
  process.send?.(
    await answer(request).catch((error: unknown): LoadReply => ({ kind: 'failed', reason: String(error) })),
  )
})
process.on('disconnect', () => process.exit())
