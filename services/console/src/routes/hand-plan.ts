import { missingSenders, parseChannel, planOf, policy } from '@switchboard/contracts'
import type { AlertPlan, PlanChannel, Policy, PolicyChannel, SwitchboardConfig } from '@switchboard/contracts'
import { formatPath } from '@switchboard/runtime'

export type HandPlan = { kind: 'plan'; plan: AlertPlan } | { kind: 'invalid'; problems: string[] }

/**
 * A walk as somebody types it, one person per line: `Tony: sms 447700900011, whatsapp 447700900011`. Waits are in
 * seconds and the same for all. Started again after `before`, it is as that was in all that cannot be typed.
 */
export function readHandPlan(
  text: string,
  waitSeconds: number,
  senders: SwitchboardConfig['senders'],
  before?: AlertPlan,
): HandPlan {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const users = lines.map((line) => readPerson(line, waitSeconds)).map((typed) => withParts(typed, before))
  const parsed = policy.safeParse({ ...(before && settingsOf(before)), users, final_wait: waitSeconds })
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

type Parts = Partial<Pick<PolicyChannel, 'condition_status' | 'content' | 'options' | 'language' | 'style'>>

interface TypedPerson {
  name: string
  channels: ({ type: string; id_num: string; expiry_time: number } & Parts)[]
}

/** Each channel with what it said in its own way before, where the same person still has it. */
function withParts({ name, channels }: TypedPerson, before: AlertPlan | undefined): TypedPerson {
  const left = [...(before?.users.find((user) => user.name === name)?.channels ?? [])]
  return {
    name,
    channels: channels.map((typed) => {
      const at = left.findIndex(({ channel, to }) => channel === typed.type && to === typed.id_num)
      const [known] = at < 0 ? [] : left.splice(at, 1)
      return known ? { ...typed, ...partsOf(known) } : typed
    }),
  }
}

function partsOf({ condition, content, options, language, style }: PlanChannel): object {
  const parts = { condition_status: condition, content, options, language, style }
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
}

function settingsOf({ repeat, announce, acknowledge, leavesText, blockedSeconds }: AlertPlan): Partial<Policy> {
  return {
    repeat,
    announce,
    ...(acknowledge ? { acknowledge } : {}),
    ...(leavesText ? { on_machine: 'leave_text' } : {}),
    ...(blockedSeconds === undefined ? {} : { blocked_wait: blockedSeconds }),
  }
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
