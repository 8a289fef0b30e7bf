import type { LimitsInForce } from '@switchboard/contracts'
import type { Quotas } from '@switchboard/store'

const HOUR_SECONDS = 3_600

/** How many calls of one number are answered in an hour: each costs us its minutes, whoever pays for the caller's. */
export function createCallLimit(quotas: Quotas, { callsPerNumberPerHour }: LimitsInForce) {
  return async (caller: string, callUuid: string): Promise<boolean> => {
    if (callsPerNumberPerHour === Infinity) return true
    const quota = { name: 'calls', subject: caller, max: callsPerNumberPerHour, windowSeconds: HOUR_SECONDS }
    return quotas.take(quota, callUuid)
  }
}
