import { missingSenders, parseChannel, planOf, policy } from '@switchboard/contracts'
import type { AlertPlan, SwitchboardConfig } from '@switchboard/contracts'
import { formatPath } from '@switchboard/runtime'

export type HandPlan = { kind: 'plan'; plan: AlertPlan } | { kind: 'invalid'; problems: string[] }

/**
 * A walk as somebody types it, one person per line: `Tony: sms 447700900011, whatsapp 447700900011`. Waits are in
 * seconds and the same for all.
 */
export function readHandPlan(text: string, waitSeconds: number, senders: SwitchboardConfig['senders']): HandPlan {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const users = lines.map((line) => readPerson(line, waitSeconds))
  const parsed = policy.safeParse({ users, final_wait: waitSeconds })
  const problems = [
    ...(lines.length === 0 ? ['Name at least one person.'] : []),
    ...(lines.length === 0
      ? []
      : (parsed.error?.issues ?? []).map((issue) => describe(issue.path, issue.message, users))),
    ...missingSenders(users, senders).map(({ path, message }) => describe(path, message, users)),
  ]
  if (parsed.success && problems.length === 0) return { kind: 'plan', plan: planOf(parsed.data) }
  return { kind: 'invalid', problems }
}

/** A walk as somebody would type it. */
export function writeHandPlan({ users }: Pick<AlertPlan, 'users'>): string {
  return users
    .map(({ name, channels }) => `${name}: ${channels.map(({ channel, to }) => `${channel} ${to}`).join(', ')}`)
    .join('\n')
}

interface TypedPerson {
  name: string
  channels: { type: string; id_num: string; expiry_time: number }[]
}

function readPerson(line: string, waitSeconds: number): TypedPerson {
  const colon = line.indexOf(':')
  const name = (colon < 0 ? '' : line.slice(0, colon)).trim()
  const channels = line
    .slice(colon + 1)
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [type = '', ...address] = part.split(/\s+/)
      return { type: readType(type), id_num: address.join('').replace(/^\+/, ''), expiry_time: waitSeconds }
    })
  return { name, channels }
}

function readType(typed: string): string {
  const lower = typed.toLowerCase()
  return parseChannel(lower === 'viber' ? 'viber_service' : lower) ?? typed
}

function describe(path: readonly PropertyKey[], message: string, users: TypedPerson[]): string {
  const [, index, ...rest] = path
  const person = typeof index === 'number' ? users[index]?.name || `Line ${index + 1}` : undefined
  return person === undefined ? message : `${person}${rest.length > 0 ? ` (${formatPath(rest)})` : ''}: ${message}`
}
