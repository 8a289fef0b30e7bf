import { createHash } from 'node:crypto'

import type { ServiceName } from '@switchboard/contracts'

/**
 * Which commands a class of services may give Redis, in the words of its ACL. Nobody may look at or change how Redis runs,
 * or touch all keys at once (`@dangerous`: CONFIG, ACL, KEYS, FLUSHALL, SHUTDOWN, …). Scripts run with the rights of who
 * sends them. Only workers wait in Redis for something to come.
 */
const basis =
  'resetkeys ~sb:* ~{sb-* resetchannels -@all +@read +@write +@connection +@transaction -@scripting -@dangerous ' +
  '+eval +evalsha +script|exists +script|load +time +info'
const rules = {
  worker: basis,
  /** Waits for the disk before it answers who opts out. */
  ingress: `${basis} -@blocking +waitaof`,
  console: `${basis} -@blocking`,
} as const

/** Who talks to Redis, each under a name of its own, and as what. The rest has no business there. */
export const redisUsers = [
  { name: 'ingress', kind: 'ingress' },
  { name: 'inbound-router', kind: 'worker' },
  { name: 'subscriptions', kind: 'worker' },
  { name: 'feeds', kind: 'worker' },
  { name: 'notifications', kind: 'worker' },
  { name: 'failover', kind: 'worker' },
  { name: 'outbound', kind: 'worker' },
  { name: 'console', kind: 'console' },
] as const satisfies readonly { name: ServiceName; kind: keyof typeof rules }[]

/**
 * The text of Redis's `aclfile`. Who gives no name is answered nothing; `health` may ask whether Redis is there, `admin` may
 * do everything and is for people.
 */
export function redisAcl(passwordOf: (user: string) => string): string {
  const secret = (user: string) => `#${createHash('sha256').update(passwordOf(user)).digest('hex')}`
  const lines = [
    'user default off resetkeys resetchannels -@all',
    'user health on nopass resetkeys resetchannels -@all +ping',
    `user admin on ${secret('admin')} ~* &* +@all`,
    ...redisUsers.map(({ name, kind }) => `user ${name} on ${secret(name)} ${rules[kind]}`),
  ]
  return `${lines.join('\n')}\n`
}
