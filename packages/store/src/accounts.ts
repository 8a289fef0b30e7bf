import { role } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

/** What somebody types to log in, in whatever case. It stands beside what they do, and never changes. */
export const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,59}$/, 'must be up to 60 letters, digits and . _ @ + -, the first a letter or digit')

const account = z.object({
  name: accountName,
  role,
  /** A hash. */
  password: z.string(),
  /** Somebody else has made the password: it opens nothing but the page that changes it. */
  mustChangePassword: z.boolean().default(false),
  /** The secret, sealed, and the last time step whose code was used: each code counts once. */
  secondFactor: z.object({ sealed: z.string(), lastStep: z.int() }).optional(),
  /** Hashes; each code is good once. */
  recoveryCodes: z.array(z.string()).default([]),
  /** All sessions of an earlier one are over. */
  epoch: z.int(),
  createdAt: z.int(),
  lastLoginAt: z.int().optional(),
  disabledAt: z.int().optional(),
})
export type Account = z.infer<typeof account>

export type Accounts = ReturnType<typeof createAccounts>

/** Who may log in to the console under a name of their own. Written by the console, and by its command on the machine. */
export function createAccounts(redis: RedisConnection) {
  const records = createRecords<Account>(redis, {
    schema: account,
    key: keys.account,
    ttlSeconds: () => undefined,
  })
  return {
    /** Undefined also for what is no name of an account at all. */
    async get(name: string): Promise<Account | undefined> {
      const read = accountName.safeParse(name)
      return read.success ? records.get(read.data) : undefined
    },
    /** False: the name is taken. */
    create: (created: Account): Promise<boolean> =>
      records.updateFrom<boolean>(
        undefined,
        created.name,
        (current) => (current ? { result: false } : { next: created, result: true }),
        () => redis.zadd(keys.accounts, 0, created.name),
      ),
    /** Changes an account as it is then; `decide` answers undefined to leave it. Undefined: it stays, or there is none. */
    change: (name: string, decide: (current: Account) => Account | undefined): Promise<Account | undefined> =>
      records.update<Account | undefined>(name, (current) => {
        const next = current && decide(current)
        return next ? { next, result: next } : { result: undefined }
      }),
    /** All, by name. */
    async list(): Promise<Account[]> {
      const names = await redis.zrange(keys.accounts, '0', '-1')
      const found = await Promise.all(names.map((name) => records.get(name)))
      return found.filter((each) => each !== undefined)
    },
  }
}
