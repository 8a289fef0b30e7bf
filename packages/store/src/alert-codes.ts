import type { Alert } from '@switchboard/contracts'

import { WALKING_KEPT_SECONDS } from './alert-lists.ts'
import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

const CODES = 9_999

/** The short names that people type. */
export function createAlertCodes(redis: RedisConnection, get: (alertId: string) => Promise<Alert | undefined>) {
  async function withCode(code: string): Promise<Alert | undefined> {
    const alertId = await redis.get(keys.alertOfCode(code))
    const found = alertId === null ? undefined : await get(alertId)
    // A begin that died half-way and was run again has another code.
    return found?.code === code ? found : undefined
  }

  return {
    /** The next short code, `A1` to `A9999` and again. Codes need to differ only among open alerts. */
    async nextCode(): Promise<string> {
      return nthCode(await redis.incr(keys.alertCode))
    },
    /** Makes an alert the one that its code means. */
    async takeCode({ id, code }: Pick<Alert, 'id' | 'code'>): Promise<void> {
      await redis.set(keys.alertOfCode(code), id, 'EX', WALKING_KEPT_SECONDS)
    },
    /** The newest alert of a code, such as `A7`, open or not: codes come again after 9,999 alerts. */
    withCode,
    /** Those that began last, newest first, open or not. A begin that died half-way leaves a gap. */
    async newest(limit: number): Promise<Alert[]> {
      const last = Number((await redis.get(keys.alertCode)) ?? 0)
      const numbers = Array.from({ length: Math.min(limit, last) }, (_, back) => last - back)
      const found = await Promise.all(numbers.map((number) => withCode(nthCode(number))))
      return found.filter((alert) => alert !== undefined)
    },
  }
}

function nthCode(number: number): string {
  return `A${(number % CODES) + 1}`
}
