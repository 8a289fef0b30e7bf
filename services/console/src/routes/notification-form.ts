import { channel, placeholdersIn, questionProblem, own } from '@switchboard/contracts'
import type { Contact, NotificationSettings, SwitchboardConfig } from '@switchboard/contracts'
import { readAddress } from '@switchboard/phone-numbers'
import type { AddressReading } from '@switchboard/phone-numbers'
import { z } from 'zod'

/** `number` and `/notify` are the seed's names. Variables come as `var.<name>`. */
export const notifyForm = z
  .looseObject({
    name: z.string().default(''),
    channel: channel.catch('sms'),
    number: z.string().trim().max(60).default(''),
  })
  .transform(({ name, channel, number, ...rest }) => ({ name, channel, number, variables: readVariables(rest) }))
export type NotifyForm = z.infer<typeof notifyForm>

function readVariables(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) =>
      field.startsWith('var.') && typeof value === 'string' && value.trim() !== ''
        ? [[field.slice('var.'.length), value.trim()]]
        : [],
    ),
  )
}

export type ReadNotifyForm =
  | { kind: 'request'; contact: Contact; variables: Record<string, string>; warnings: string[] }
  | { kind: 'invalid'; problems: string[] }

export function readNotifyForm(form: NotifyForm, config: SwitchboardConfig): ReadNotifyForm {
  const { notifications, defaultCountry } = config
  const settings = own(notifications, form.name)
  const unanswerable = questionProblem(form.channel, config)
  const address = readNumber(form, defaultCountry)
  const asked = settings ? variablesOf(settings) : []
  const missing = asked.filter((name) => form.variables[name] === undefined)
  const problems = [
    ...(settings ? [] : ['Choose a notification.']),
    ...(address.kind === 'invalid' ? [address.problem] : []),
    ...(unanswerable ? [`The channel ${form.channel} ${unanswerable}.`] : []),
    ...missing.map((name) => `Fill in "${name}": the text asks for it.`),
  ]
  if (problems.length > 0 || address.kind === 'invalid') return { kind: 'invalid', problems }
  const variables = Object.fromEntries(asked.map((name) => [name, form.variables[name] ?? '']))
  return {
    kind: 'request',
    contact: { channel: form.channel, address: address.address },
    variables,
    warnings: address.warnings,
  }
}

/** What a notification's text asks for. */
export function variablesOf({ text, whatsappTemplate }: NotificationSettings): string[] {
  const texts = [text, ...(whatsappTemplate?.parameters ?? [])]
  return [...new Set(texts.flatMap(placeholdersIn))].filter((name) => name !== 'text')
}

function readNumber({ channel, number }: NotifyForm, defaultCountry: string | undefined): AddressReading {
  if (number === '') return { kind: 'invalid', problem: 'Fill in the phone number.' }
  const read = readAddress(channel, number, defaultCountry)
  return read.kind === 'invalid' ? { kind: 'invalid', problem: `"${number}" ${read.problem}.` } : read
}
