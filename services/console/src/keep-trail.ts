import { auditEntryQueue } from '@switchboard/contracts'
import type { AuditEntry } from '@switchboard/contracts'
import { startWorker } from '@switchboard/queue'
import { createJobMetrics, openWorkRedis, repeat } from '@switchboard/runtime'
import type { ServiceContext } from '@switchboard/runtime'
import { createAudit, takeOverAudit } from '@switchboard/store'

import type { Config } from './config.ts'

const TIDY_MS = 600_000
const DAY_MS = 86_400_000

type Context = Pick<ServiceContext<Config>, 'config' | 'log' | 'health' | 'stack' | 'stopping'>

/**
 * Chains what everybody did, as their services say it. Its log is a second witness: who forges the one forgot the other.
 * Resolves once Redis is there and holds our data.
 */
export function keepTrail({ config, log, health, stack, stopping }: Context): Promise<void> {
  const { client: redis, isOurs } = openWorkRedis({ config, log, health, stopping })
  stack.use(redis)
  const audit = createAudit(redis)
  const write = async (entry: AuditEntry) => {
    const link = await audit.add(entry)
    if (link) log.info({ ...link, action: entry.action }, 'audit.written')
  }
  const observe = createJobMetrics(health.metrics)
  const worker = { redis, log, health, signal: stopping.signal, observe, concurrency: 1 }
  const { auditDays } = config.SWITCHBOARD_CONFIG.retention
  const tidy = async () => {
    await takeOverAudit(redis, audit)
    await audit.trim(Date.now() - auditDays * DAY_MS)
  }
  const begin = async () => {
    await isOurs
    if (stopping.signal.aborted) return
    stack.use(startWorker(auditEntryQueue, write, worker))
    stack.use(repeat('audit', TIDY_MS, tidy, log))
  }
  void begin()
  return isOurs
}
