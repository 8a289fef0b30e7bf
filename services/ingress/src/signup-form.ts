import { channel, channels, factsOf, isPhoneChannel, needsWindow } from '@switchboard/contracts'
import type { Channel, Contact, SwitchboardConfig } from '@switchboard/contracts'
import { readPhoneNumber } from '@switchboard/phone-numbers'
import { z } from 'zod'

export type SignupPageSettings = Pick<
  SwitchboardConfig,
  'feeds' | 'senders' | 'signup' | 'templates' | 'defaultCountry'
>

/** What the browser sends. Anything may be missing or wrong: the page says what. */
export const signupForm = z.object({
  channel: channel.optional().catch(undefined),
  number: z.string().max(60).catch(''),
  topic: z.string().max(40).catch(''),
  token: z.string().max(200).catch(''),
  /** Not shown to people: only programs fill it in. */
  website: z.string().catch(''),
})
export type SignupForm = z.infer<typeof signupForm>

export type SignupField = 'channel' | 'number' | 'topic'
export type SignupErrors = Partial<Record<SignupField, string>>

export type ReadSignup =
  | { kind: 'signup'; contact: Contact; topic: string; country: string | undefined }
  | { kind: 'invalid'; errors: SignupErrors }

/** Reads a form. All problems at once, in words for people. */
export function readSignup(form: SignupForm, settings: SignupPageSettings): ReadSignup {
  const errors: SignupErrors = {}
  const to = form.channel !== undefined && signupChannels(settings).includes(form.channel) ? form.channel : undefined
  if (to === undefined) errors.channel = 'Choose where you want to get the updates.'
  const number = readPhoneNumber(form.number, settings.defaultCountry)
  if (form.number.trim() === '') errors.number = 'Enter your phone number.'
  else if (number.kind === 'invalid') errors.number = `This ${number.problem}.`
  else if (!isServed(number.country, settings)) errors.number = 'We do not send to numbers of this country.'
  else if (number.isService || isOurs(number.address, settings)) errors.number = 'This is not the number of a phone.'
  if (!Object.hasOwn(settings.feeds, form.topic)) errors.topic = 'Choose a topic.'
  if (Object.keys(errors).length > 0 || to === undefined || number.kind === 'invalid') {
    return { kind: 'invalid', errors }
  }
  const contact = { channel: to, address: number.address }
  return { kind: 'signup', contact, topic: form.topic, country: number.country }
}

/**
 * Where we may write first to a number, once the page is on: where no window has to be open (people begin on Messenger themselves), or a
 * template says it.
 */
export function signupChannels({ senders, signup, templates }: SignupPageSettings): Channel[] {
  if (signup.countries.length === 0) return []
  const hasTemplate = (each: Channel) =>
    factsOf[each].hasTemplates && (signup.whatsappTemplate ?? templates[each]) !== undefined
  const mayBegin = (each: Channel) => !needsWindow({ channel: each }) || hasTemplate(each)
  return channels.filter((each) => senders[each] !== undefined && isPhoneChannel(each) && mayBegin(each))
}

function isServed(country: string | undefined, { signup }: SignupPageSettings): boolean {
  return country !== undefined && signup.countries.includes(country)
}

/** A question to ourselves would be answered by ourselves. */
function isOurs(address: string, { senders }: SignupPageSettings): boolean {
  return Object.values(senders).some((sender) => sender.replace(/^\+/, '') === address)
}
