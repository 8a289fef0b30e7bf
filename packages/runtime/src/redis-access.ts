import type { Cluster, Redis } from 'ioredis'

import type { HealthCheck, Sample } from './health.ts'

/** Of its own: what is read here says nothing, that it could be written does. */
const KEY = 'sb:write-check'
const KEPT_SECONDS = 60
/** A sample is taken every five seconds and may take two. */
const ANSWER_LIMIT_MS = 2_000
const STALE_MS = 8_000

interface Access {
  problem: HealthCheck
  sample: Sample
}

/** Whether Redis takes what is written: neither full, nor a replica, nor without a disk that it insists on. */
export function createWriteAccess(client: Redis | Cluster): Access {
  return createAccess(client, () => client.set(KEY, '', 'EX', KEPT_SECONDS))
}

/** Whether Redis answers: enough for those who mend a full one. */
export function createReadAccess(client: Redis | Cluster): Access {
  return createAccess(client, () => client.get(KEY))
}

function createAccess(client: Redis | Cluster, attempt: () => Promise<unknown>): Access {
  let problem: string | undefined = 'is not connected'
  let answeredAt = performance.now()
  const sample = async () => {
    const said = await Promise.race([attempt().then(() => undefined, messageOf), timeout(ANSWER_LIMIT_MS)])
    problem = said
    answeredAt = performance.now()
  }
  client.on('close', () => void (problem = 'is not connected'))
  // Not only at the next turn: what waits for us to be ready waits no longer than it must.
  client.on('ready', () => void sample())
  return {
    problem: () => problem ?? (performance.now() - answeredAt > STALE_MS ? 'has not answered for a while' : undefined),
    sample,
  }
}

function messageOf(error: Error): string {
  return `refuses: ${error.message}`
}

function timeout(ms: number): Promise<string> {
  return new Promise((resolve) => void setTimeout(resolve, ms, `has not answered within ${ms} ms`).unref())
}
