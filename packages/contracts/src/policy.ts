import { z } from 'zod'

import { always } from './always.ts'
import { addressProblem, alertChannels, parseAlertChannel } from './channel.ts'
import type { AlertChannel } from './channel.ts'
import { messageParts } from './message-content.ts'
import { namedRecord } from './named-record.ts'
import { planContentProblems } from './plan-content-problems.ts'
import { voiceLanguage, voiceStyle } from './voice.ts'

/** A number, or a numeric string as the seed configurations write it. */
function seconds(min: number, max: number) {
  return z
    .union([z.number(), z.string().regex(/^\s*\d+\s*$/, 'must be a number of seconds')])
    .transform(Number)
    .pipe(z.number().int('must be whole seconds').min(min).max(max))
}

const channelName = z.string().transform((name, context): AlertChannel => {
  const parsed = parseAlertChannel(name)
  if (parsed) return parsed
  context.addIssue({
    code: 'custom',
    message: `unknown channel "${name}"; use ${alertChannels.join(', ')}`,
  })
  return z.NEVER
})

const address = z.object({ type: channelName, id_num: z.union([z.string(), z.int()]).transform(String) })

/** One channel of one user. `id_num`, `expiry_time` and `condition_status` are the seed's names. */
export const policyChannel = z
  .strictObject({
    ...address.shape,
    expiry_time: seconds(1, 86_400).default(600).describe('seconds to wait for the condition'),
    condition_status: z.enum(['read', 'delivered']).default('read'),
    language: voiceLanguage.exactOptional().describe('of a phone call, instead of calls.language'),
    style: voiceStyle.exactOptional().describe('the voice of a phone call, instead of calls.style'),
    content: messageParts.shape.content.describe('instead of the text; {text}, {code} and {link} in it are replaced'),
    options: messageParts.shape.options,
  })
  .superRefine((entry, context) => {
    const { data } = address.safeParse(entry)
    const problem = data && addressProblem(data.type, data.id_num)
    if (problem) context.addIssue({ code: 'custom', message: problem, path: ['id_num'] })
    const said = messageParts.extend({ type: channelName }).safeParse(entry)
    if (!said.success) return
    const { type, ...parts } = said.data
    for (const { field, message } of planContentProblems(type, parts)) {
      context.addIssue({ code: 'custom', message, path: field.split('.') })
    }
  }, always)
export type PolicyChannel = z.infer<typeof policyChannel>

export const policyUser = z.strictObject({
  name: z.string().trim().min(1).max(100),
  channels: z.array(policyChannel).min(2, 'a user needs at least two channels').max(20),
  final_wait: seconds(1, 86_400).optional().describe('seconds to wait after the last channel'),
})
export type PolicyUser = z.infer<typeof policyUser>

const named = z.array(z.object({ name: z.string().optional().catch(undefined) }).catch({})).catch([])

/** A priority list of users; duplicate names are refused because a timeline could not tell them apart. */
export const policyUsers = z
  .array(policyUser)
  .min(1)
  .max(100)
  .superRefine((users, context) => {
    const seen = new Set<string>()
    for (const [index, { name }] of named.parse(users).entries()) {
      const key = name?.trim().toLowerCase()
      if (key === undefined) continue
      if (seen.has(key)) {
        context.addIssue({ code: 'custom', message: `duplicate user name "${name}"`, path: [index, 'name'] })
      }
      seen.add(key)
    }
  }, always)

export const policy = z.strictObject({
  users: policyUsers,
  final_wait: seconds(1, 86_400).default(600),
  repeat: z.int().min(0).max(5).default(0).describe('how often the list is walked again'),
  blocked_wait: seconds(60, 7 * 86_400)
    .default(86_400)
    .describe('how long an alert waits for senders to open when not everybody on the list could be asked'),
  announce: z
    .boolean()
    .default(false)
    .describe('tell everyone contacted who has it, once attended, or that it is over'),
  acknowledge: z
    .enum(['anything', 'code'])
    .default('anything')
    .describe('what counts as having it: any reply of a person, or the code and clear words such as ok alone'),
  on_machine: z
    .enum(['hang_up', 'leave_text'])
    .default('hang_up')
    .describe('what a phone call does when a machine answers: hang up at once, or leave the text on it first'),
  engine: z.enum(['local', 'dispatch']).default('local'),
})

/** A policy that can be walked as it says: Dispatch has no phone calls. */
export function engineProblems({
  users,
  engine,
}: Pick<Policy, 'engine'> & { users: readonly { channels: readonly { type: string }[] }[] }) {
  if (engine !== 'dispatch') return []
  return users.flatMap((user, userIndex) =>
    user.channels.flatMap(({ type }, index) =>
      type === 'voice'
        ? [{ path: ['users', userIndex, 'channels', index, 'type'], message: 'Dispatch has no phone calls' }]
        : [],
    ),
  )
}
export type Policy = z.infer<typeof policy>

export const policies = namedRecord(
  z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"'),
  policy.superRefine((each, context) => {
    for (const problem of engineProblems(each)) context.addIssue({ code: 'custom', ...problem })
  }),
)
