import cluster from 'node:cluster'
import type { Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

import type { ServiceContext } from '@switchboard/runtime'
import { AggregatorRegistry } from 'prom-client'
import type { Registry } from 'prom-client'
import { z } from 'zod'

import type { UsedTokens } from './used-tokens.ts'

/** Of a process that ends at once, again and again. */
const RESTART_MS = 1_000

const fromWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), port: z.number() }),
  z.object({ kind: z.literal('use-token'), request: z.number(), id: z.string(), expiresAt: z.number() }),
])
const toWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('token-used'), request: z.number(), use: z.enum(['first', 'again', 'full']) }),
])
type FromWorker = z.infer<typeof fromWorker>
type ToWorker = z.infer<typeof toWorker>

/**
 * Several processes behind one port, so that calls use all cores. This one takes no calls: it hands out the connections,
 * knows which tokens were used, adds up the metrics, starts again what has died, and stops all.
 */
export async function superviseProcesses(
  count: number,
  usedTokens: UsedTokens,
  { log, health, stack, stopping }: Pick<ServiceContext<unknown>, 'log' | 'health' | 'stack' | 'stopping'>,
): Promise<void> {
  const ready = new Set<Worker>()
  const announced = Promise.withResolvers<void>()

  const start = () => {
    const worker = cluster.fork({ HEALTH_PORT: '0' })
    worker.on('message', (message: unknown) => {
      const { data } = fromWorker.safeParse(message)
      if (data?.kind === 'use-token') {
        const use = usedTokens.use(data.id, data.expiresAt, Date.now())
        tell(worker, { kind: 'token-used', request: data.request, use })
      }
      if (data?.kind !== 'ready') return
      ready.add(worker)
      if (ready.size < count) return
      log.info({ port: data.port, processes: count, healthPort: health.port }, 'echo.listening')
      announced.resolve()
    })
    worker.on('exit', (code, signal) => {
      ready.delete(worker)
      if (stopping.signal.aborted) return
      log.error({ code, signal }, 'echo.process-ended')
      void wait(RESTART_MS, undefined, { signal: stopping.signal }).then(start, () => undefined)
    })
  }
  for (let index = 0; index < count; index += 1) start()
  stack.defer(async () => {
    const left = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    await Promise.all(
      left.map(async (worker) => {
        const ended = once(worker, 'exit')
        tell(worker, { kind: 'stop' })
        await ended
      }),
    )
  })
  health.addReadiness('processes', () => (ready.size === count ? undefined : `${ready.size} of ${count} are ready`))
  const together = new AggregatorRegistry()
  health.serveMetrics(() => together.clusterMetrics())
  await announced.promise
}

/** In one of several processes: says when it is ready, stops when it is told to, and asks which tokens were used. */
export function joinProcesses(registry: Registry, stopping: Pick<ServiceContext<unknown>['stopping'], 'begin'>) {
  const waiting = new Map<number, (use: ReturnType<UsedTokens['use']>) => void>()
  answerWith(registry)
  process.on('message', (message) => {
    const { data } = toWorker.safeParse(message)
    if (data?.kind === 'stop') stopping.begin()
    if (data?.kind !== 'token-used') return
    waiting.get(data.request)?.(data.use)
    waiting.delete(data.request)
  })
  let requests = 0
  return {
    // What is heard from the other one keeps this one from ending.
    [Symbol.dispose]: () => process.disconnect(),
    ready: (port: number) => send({ kind: 'ready', port }),
    usedTokens: {
      use: (id: string, expiresAt: number) =>
        new Promise<ReturnType<UsedTokens['use']>>((resolve) => {
          requests += 1
          waiting.set(requests, resolve)
          send({ kind: 'use-token', request: requests, id, expiresAt })
        }),
    },
  }
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message)
}

function send(message: FromWorker): void {
  process.send?.(message)
}

/** What the first process asks of the others; the constructor is what makes this one answer. */
function answerWith(registry: Registry): AggregatorRegistry<Registry['contentType']> {
  AggregatorRegistry.setRegistries([registry])
  return new AggregatorRegistry()
}
