import type { LimitsInForce } from '@switchboard/contracts'

import { createQuotas } from './quotas.ts'
import type { RedisConnection } from './script.ts'

const HOUR_SECONDS = 3_600

export type CallCeiling = ReturnType<typeof createCallCeiling>

/**
 * How many calls there are with one number in an hour: each costs us its minutes, whoever pays for the other side's. `calls` are
 * its own, `alert-calls` ours.
 */
export function createCallCeiling(
  redis: RedisConnection,
  name: 'calls' | 'alert-calls',
  { callsPerNumberPerHour: perHour }: Pick<LimitsInForce, 'callsPerNumberPerHour'>,
) {
  const quotas = createQuotas(redis)
  const of = (number: string) => ({ name, subject: number, max: perHour, windowSeconds: HOUR_SECONDS })
  return {
    /** Whether there may be this call; it counts once, however often it is asked for. */
    take: async (number: string, callId: string): Promise<boolean> =>
      perHour === Infinity || quotas.take(of(number), callId),
    /** Whether there may be another one, which counts nothing. */
    hasRoom: async (number: string): Promise<boolean> => perHour === Infinity || quotas.hasRoom(of(number)),
  }
}
