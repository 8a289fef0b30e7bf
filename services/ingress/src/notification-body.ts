import { channel, fillText, placeholdersIn, questionProblem, own } from '@switchboard/contracts'
import type { Contact, NotificationSettings, SwitchboardConfig } from '@switchboard/contracts'
import { readAddress } from '@switchboard/phone-numbers'
import { z } from 'zod'

import { partsWarning } from './parts-warning.ts'
import { Problem } from './problem.ts'
import type { FieldProblem } from './problem.ts'

const MAX_TEXT = 4_096

/** The seed's `number` is taken for `to`. */
export const notificationBody = z
  .strictObject({
    to: z.string().trim().min(1).max(60).optional().describe('a phone number as people write it, or a Messenger id'),
    number: z.string().trim().min(1).max(60).optional().describe('the same as `to`'),
    channel: channel.default('sms'),
    template: z
      .string()
      .optional()
      .describe('a name under `notifications` in the configuration; may be left out when there is one'),
    variables: z
      .record(z.string().regex(/^\w{1,40}$/), z.union([z.string().max(500), z.number()]).transform(String))
      .default({}),
  })
  .refine(({ to, number }) => to !== undefined || number !== undefined, { path: ['to'], message: 'is required' })
export type NotificationBody = z.infer<typeof notificationBody>

export type NotificationBodySettings = Pick<
  SwitchboardConfig,
  'notifications' | 'senders' | 'viberTwoWay' | 'defaultCountry'
>

export interface ReadNotification {
  name: string
  contact: Contact
  variables: Record<string, string>
  warnings: FieldProblem[]
}

/** What is to be sent to whom. Throws a Problem (422) that names everything that is wrong. */
export function readNotification(body: NotificationBody, settings: NotificationBodySettings): ReadNotification {
  const problems: FieldProblem[] = []
  const to = body.to ?? body.number ?? ''
  const found = findSettings(body.template, settings)
  if (found.kind === 'invalid') problems.push({ field: 'template', message: found.problem })
  else problems.push(...textProblems(found.settings, body.variables))
  const address = readAddress(body.channel, to, settings.defaultCountry)
  if (address.kind === 'invalid') problems.push({ field: 'to', message: address.problem })
  const unanswerable = questionProblem(body.channel, settings)
  if (unanswerable) problems.push({ field: 'channel', message: unanswerable })
  if (problems.length > 0 || found.kind === 'invalid' || address.kind === 'invalid') {
    const detail = problems.map(({ field, message }) => `${field}: ${message}`).join('; ')
    throw new Problem(422, 'Not valid', detail, problems)
  }
  return {
    name: found.name,
    contact: { channel: body.channel, address: address.address },
    variables: body.variables,
    warnings: [
      ...address.warnings.map((message) => ({ field: 'to', message })),
      ...partsWarning([body.channel], 'variables', fillText(found.settings.text, body.variables)),
    ],
  }
}

type FoundSettings =
  | { kind: 'found'; name: string; settings: NotificationSettings }
  | { kind: 'invalid'; problem: string }

function findSettings(wanted: string | undefined, { notifications }: NotificationBodySettings): FoundSettings {
  const names = Object.keys(notifications)
  const name = wanted ?? (names.length === 1 ? names[0] : undefined)
  const settings = name === undefined ? undefined : own(notifications, name)
  if (name !== undefined && settings) return { kind: 'found', name, settings }
  const known = `The configuration has ${names.length === 0 ? 'no notifications' : names.join(', ')}`
  const problem = wanted === undefined ? `is required. ${known}.` : `is unknown. ${known}.`
  return { kind: 'invalid', problem }
}

function textProblems(settings: NotificationSettings, variables: Record<string, string>): FieldProblem[] {
  const asked = [settings.text, ...(settings.whatsappTemplate?.parameters ?? [])].flatMap(placeholdersIn)
  const missing = [...new Set(asked)].filter((name) => name !== 'text' && !Object.hasOwn(variables, name))
  const problems = missing.map((name) => ({ field: `variables.${name}`, message: 'is required by the text' }))
  const { length } = fillText(settings.text, variables)
  return length > MAX_TEXT
    ? [
        ...problems,
        { field: 'variables', message: `make the text ${length} characters long; ${MAX_TEXT} are possible` },
      ]
    : problems
}
