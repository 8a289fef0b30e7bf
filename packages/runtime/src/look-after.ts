import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'

import type { Logger } from './logger.ts'
import type { RedisConnection } from './redis.ts'
import { repeat } from './repeat.ts'

interface LookedAfter<Value> {
  name: string
  reconcile(whenDue?: (record: Value) => Promise<void>): Promise<void>
  sweep: { run(): Promise<void>; again(): void }
}

interface LookAfterDeps<Value> {
  redis: RedisConnection
  log: Pick<Logger, 'error'>
  everyMs?: number
  /** Performs what a record has to do by itself at a time. */
  whenDue?: (record: Value) => Promise<void>
}

const SWEEP_MS = 1_000

/** Runs on every replica for as long as it lives: makes good whatever somebody died in the middle of. */
export function lookAfter<Value>(
  workflow: LookedAfter<Value>,
  { redis, log, everyMs = 1_000, whenDue }: LookAfterDeps<Value>,
): AsyncDisposable {
  const { name, sweep } = workflow
  // Redis may have lost what it had.
  redis.on('ready', () => sweep.again())
  const stack = new AsyncDisposableStack()
  stack.use(repeat(`reconcile ${name}`, everyMs, () => workflow.reconcile(whenDue), log))
  stack.use(repeat(`sweep ${name}`, SWEEP_MS, () => sweep.run(), log))
  return stack
}

/** Counts the records that had to be looked after, by workflow. */
export function createRescueCounter(registry: Registry): (workflow: string) => void {
  const rescues = new Counter({
    name: 'switchboard_workflow_rescues_total',
    help: 'Records whose effects or timers were missing and were made good',
    labelNames: ['workflow'],
    registers: [registry],
  })
  return (workflow) => rescues.inc({ workflow })
}
