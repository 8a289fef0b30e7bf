import { channels, engineProblems, factsOf, missingSenders, parseChannel, planOf, policy } from '@switchboard/contracts'
import type { AlertPlan, PlanChannel, Policy, SwitchboardConfig } from '@switchboard/contracts'

export type HandPlan = { kind: 'plan'; plan: AlertPlan } | { kind: 'invalid'; problems: string[] }

/**
 * A walk as somebody types it, one person per line: `Tony: sms 447700900011, whatsapp 447700900011`. Waits are in
 * seconds and the same for all. Started again after `before`, it is as that was in all that cannot be typed, and each wait is
 * its own unless another is typed.
 */
export function readHandPlan(
  text: string,
  waitSeconds: number,
  senders: SwitchboardConfig['senders'],
  before?: AlertPlan,
): HandPlan {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const users = lines.map((line) => readPerson(line, waitSeconds))
  const parsed = policy.safeParse({ ...(before && settingsOf(before)), users, final_wait: waitSeconds })
  const found = [
    ...(parsed.error?.issues ?? []),
    ...missingSenders(users, senders),
    ...engineProblems({ users, engine: before?.engine ?? 'local' }),
  ]
  const problems = lines.length === 0 ? ['Name at least one person.'] : describeAll(found, users)
  if (!parsed.success || problems.length > 0) return { kind: 'invalid', problems }
  const plan = planOf(parsed.data)
  return { kind: 'plan', plan: before ? carryOver(before, plan, waitSeconds) : plan }
}

/** The wait that stands in the form of a walk that is started again. */
export function waitOf({ users }: Pick<AlertPlan, 'users'>): number | undefined {
  return users[0]?.finalWaitSeconds
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

/** Each channel as it was before, where the same person still has it. */
function carryOver(before: AlertPlan, typed: AlertPlan, waitSeconds: number): AlertPlan {
  const isWaitKept = waitSeconds === waitOf(before)
  const users = typed.users.map((user) => {
    const known = before.users.find(({ name }) => name === user.name)
    const left = [...(known?.channels ?? [])]
    const channels = user.channels.map((channel) => {
      const at = left.findIndex((each) => each.channel === channel.channel && each.to === channel.to)
      const [same] = at < 0 ? [] : left.splice(at, 1)
      return same ? asBefore(same, isWaitKept ? same.expirySeconds : waitSeconds) : channel
    })
    return { ...user, channels, finalWaitSeconds: (isWaitKept && known?.finalWaitSeconds) || waitSeconds }
  })
  return { ...typed, users }
}

/** What a caller of our Dispatch endpoint said and called it was about the message of that time. */
function asBefore({ text: _text, clientRef: _clientRef, ...channel }: PlanChannel, expirySeconds: number): PlanChannel {
  return { ...channel, expirySeconds }
}

function settingsOf({ repeat, announce, engine, acknowledge, leavesText, blockedSeconds }: AlertPlan): Partial<Policy> {
  return {
    repeat,
    announce,
    engine,
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
  return channels.find((each) => factsOf[each].label.toLowerCase() === lower) ?? parseChannel(lower) ?? typed
}

/** Of a line without a name nothing else can be told. */
function describeAll(found: { path: readonly PropertyKey[]; message: string }[], users: TypedPerson[]): string[] {
  const unnamed = users.flatMap(({ name }, index) => (name === '' ? [index] : []))
  return [
    ...unnamed.map((index) => `Line ${index + 1}: begin with a name and a colon, such as “Tony: sms 447700900011, …”.`),
    ...found
      .filter(({ path: [, index] }) => typeof index !== 'number' || !unnamed.includes(index))
      .map(({ path, message }) => describe(path, message, users)),
  ]
}

function describe([, index, ...rest]: readonly PropertyKey[], message: string, users: TypedPerson[]): string {
  const person = typeof index === 'number' ? users[index] : undefined
  if (!person) return message
  const [, channel] = rest
  const place = typeof channel === 'number' ? `, ${person.channels[channel]?.type ?? `channel ${channel + 1}`}` : ''
  return `${person.name}${place}: ${message}`
}
