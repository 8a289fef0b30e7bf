import { createHash } from 'node:crypto'

import type { ServiceName } from '@switchboard/contracts'

/** Who talks to Redis, each under a name of its own. The rest has no business there. */
export const redisUsers = [
  'ingress',
  'inbound-router',
  'subscriptions',
  'feeds',
  'notifications',
  'failover',
  'outbound',
  'console',
] as const satisfies readonly ServiceName[]

/**
 * Which commands a service may give Redis, in the words of its ACL. Nobody may look at or change how Redis runs, or touch
 * all keys at once (`@dangerous`: CONFIG, ACL, KEYS, FLUSHALL, SHUTDOWN, …). Scripts run with the rights of who sends them.
 */
const rules =
  'resetkeys ~sb:* ~{sb-* resetchannels -@all +@read +@write +@connection +@transaction -@scripting -@dangerous ' +
  '+eval +evalsha +script|exists +script|load +time +info'

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
    ...redisUsers.map((user) => `user ${user} on ${secret(user)} ${rules}`),
  ]
  return `${lines.join('\n')}\n`
}
