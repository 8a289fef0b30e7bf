import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

export type UsedTickets = ReturnType<typeof createUsedTickets>

/** Tickets to the console that were used: each is good once. */
export function createUsedTickets(redis: RedisConnection) {
  return {
    /** True for the first one that uses it. `expiresAt` (milliseconds): from then on it is no good anyway. */
    async use(ticketId: string, expiresAt: number): Promise<boolean> {
      return (await redis.set(keys.usedTicket(ticketId), 1, 'PXAT', expiresAt, 'NX')) === 'OK'
    },
  }
}
