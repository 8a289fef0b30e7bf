import { userInfo } from 'node:os'

import { auditEntryQueue, role } from '@switchboard/contracts'
import type { Role } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { checkOwner, connectOnce, ForeignDataError, redisEnvironment, splitIds } from '@switchboard/runtime'
import { accountName, createAccounts } from '@switchboard/store'
import type { Account } from '@switchboard/store'
import { z } from 'zod'

import { createTrail } from '../trail.ts'
import { createAccountActs } from './acts.ts'
import type { AccountActs, Actor } from './acts.ts'

export const accountActs = ['list', 'create', 'reset', 'role', 'disable', 'enable'] as const

/** What it needs of the environment of a service. */
export const accountsEnvironment = z.object({ ...redisEnvironment, VONAGE_APPLICATION_ID: z.string().default('') })

export interface ManageRequest {
  act: (typeof accountActs)[number]
  name?: string | undefined
  role?: string | undefined
}

/** What came of it: lines for people, and the same for programs. */
export interface Managed {
  isDone: boolean
  lines: string[]
  answer: object
}

const LIMIT_MS = 5_000

/**
 * Manages accounts on the machine itself, where whoever can reach Redis may do anything anyway: for who is locked out. What
 * belongs to another Vonage application is left alone, as the services do.
 */
export async function manageAccounts(
  config: z.infer<typeof accountsEnvironment>,
  request: ManageRequest,
): Promise<Managed> {
  await using redis = await connectOnce(config, LIMIT_MS)
  const foreign = await whyNotOurs(redis, splitIds(config.VONAGE_APPLICATION_ID))
  if (foreign !== undefined) return { isDone: false, lines: [foreign], answer: {} }
  await using entries = createProducer(auditEntryQueue, redis)
  const trail = createTrail(entries, 'machine')
  return await perform(createAccountActs({ accounts: createAccounts(redis), trail, now: Date.now }), request)
}

async function whyNotOurs(redis: Parameters<typeof checkOwner>[0], ours: string[]): Promise<string | undefined> {
  try {
    await checkOwner(redis, ours)
    return undefined
  } catch (error) {
    if (!(error instanceof ForeignDataError)) throw error
    if (ours.length > 0) return error.message
    return `This Redis holds the data of the Vonage application ${error.owner}. If that is yours, say so: VONAGE_APPLICATION_ID=${error.owner}`
  }
}

async function perform(acts: AccountActs, { act, name, role: asked }: ManageRequest): Promise<Managed> {
  if (act === 'list') return tellAll(await acts.list())
  const named = accountName.safeParse(name ?? '')
  if (!named.success) return not(`The name of an account ${named.error.issues[0]?.message ?? 'is needed'}`)
  const by: Actor = { who: userInfo().username, kind: 'somebody' }
  if (act === 'create' || act === 'role') {
    const wanted = role.safeParse(asked)
    if (!wanted.success) return not(`Say which role it has: ${role.options.join(', ')}`)
    return act === 'create' ? create(acts, named.data, wanted.data, by) : setRole(acts, named.data, wanted.data, by)
  }
  if (act === 'reset') return reset(acts, named.data, by)
  const isDone = await acts[act](named.data, by)
  return isDone ? done({ name: named.data }, [`${named.data} is ${act}d.`]) : missing(named.data)
}

async function create(acts: AccountActs, name: string, wanted: Role, by: Actor): Promise<Managed> {
  const password = await acts.create(name, wanted, by)
  if (password === undefined) return not(`There is an account ${name} already`)
  return done({ name, role: wanted, password }, [`${name} may log in as ${wanted}.`, ...tellPassword(password)])
}

async function setRole(acts: AccountActs, name: string, wanted: Role, by: Actor): Promise<Managed> {
  const isDone = await acts.setRole(name, wanted, by)
  return isDone ? done({ name, role: wanted }, [`${name} is ${wanted} now, and logs in again.`]) : missing(name)
}

async function reset(acts: AccountActs, name: string, by: Actor): Promise<Managed> {
  const password = await acts.reset(name, by)
  if (password === undefined) return missing(name)
  return done({ name, password }, [
    `${name} is logged out everywhere, and has no second factor.`,
    ...tellPassword(password),
  ])
}

function tellPassword(password: string): string[] {
  return [`The password, shown this once: ${password}`]
}

function tellAll(accounts: Account[]): Managed {
  const rows = accounts.map(({ name, role: own, createdAt, lastLoginAt, disabledAt, secondFactor }) => ({
    name,
    role: own,
    createdAt: new Date(createdAt).toISOString(),
    lastLoginAt: lastLoginAt === undefined ? null : new Date(lastLoginAt).toISOString(),
    hasSecondFactor: secondFactor !== undefined,
    isDisabled: disabledAt !== undefined,
  }))
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  const lines = rows.map(
    ({ name, role: own, lastLoginAt, isDisabled }) =>
      `${name.padEnd(width)}  ${own.padEnd(9)}  ${isDisabled ? 'disabled' : `last login ${lastLoginAt ?? 'never'}`}`,
  )
  return done({ accounts: rows }, lines.length > 0 ? lines : ['No accounts: people log in with CONSOLE_PASSWORD.'])
}

function done(answer: object, lines: string[]): Managed {
  return { isDone: true, lines, answer }
}

function not(why: string): Managed {
  return { isDone: false, lines: [`${why}.`], answer: {} }
}

function missing(name: string): Managed {
  return not(`There is no account ${name}`)
}
