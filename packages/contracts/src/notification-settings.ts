import { z } from 'zod'

import { always } from './always.ts'
import { chooseOption } from './choose-option.ts'
import type { Options } from './choose-option.ts'
import { isReservedWord } from './keywords.ts'
import { messageTemplate } from './message-template.ts'
import { namedRecord } from './named-record.ts'
import { soundsLikeOptOut } from './opt-out-phrases.ts'
import { sharedOptions } from './shared-options.ts'

const text = z.string().min(1).max(1_600)
const option = z.string().trim().min(1).max(100)
const optionKey = z.string().regex(/^\S(.{0,18}\S)?$/, 'must be 1 to 20 characters, with no space before or after them')

/** What is no text is a problem of its own and hides no other. */
const optionsAsWritten = z
  .object({ options: z.record(z.string(), z.string().optional().catch(undefined)).catch({}) })
  .catch({ options: {} })

/** One delivery notification: a question, its options, and what we answer. */
export const notificationSettings = z
  .strictObject({
    text: text.describe('the question; {name} is replaced by the variable of that name'),
    options: namedRecord(optionKey, option)
      .refine((options) => Object.keys(options).length > 0, 'needs at least one option')
      .describe('what to reply, and what it means'),
    acknowledgement: text
      .default('Thank you for picking option {option}.')
      .describe('confirms a choice; {option} is its key, {choice} what it means'),
    whichQuestion: text
      .default('Your answer was to: "{question}"')
      .describe('follows the confirmation when other questions wait as well; {question} is how this one begins'),
    askAgain: text
      .default('Sorry, we did not understand that. Please reply {options}.')
      .describe('answers an invalid reply, three times at most'),
    handedOver: text
      .default('Thank you. We have passed your message on to a person.')
      .describe('answers the invalid reply after that, once'),
    tooLate: text
      .default('Sorry, the time to choose has passed. Your reply was not used.')
      .describe('answers a choice that comes after the deadline, once'),
    expiresAfterSeconds: z
      .int()
      .min(1)
      .max(30 * 86_400)
      .default(3 * 86_400),
    sendWithinSeconds: z
      .int()
      .min(1)
      .max(30 * 86_400)
      .default(1_800)
      .describe('how long sending is tried; after that a person decides, because the text may be wrong by then'),
    whatsappTemplate: messageTemplate
      .exactOptional()
      .describe(
        'sent on WhatsApp outside the 24-hour window instead of the text; parameters may contain {text} and variables',
      ),
    messageOptions: sharedOptions
      .exactOptional()
      .describe(
        'how channels are asked to treat the question, as `options` of a message; each takes what it knows of it',
      ),
  })
  .superRefine((settings, context) => {
    const written = Object.entries(optionsAsWritten.parse(settings).options)
    const options = Object.fromEntries(written.map(([key, label]) => [key, label ?? key]))
    for (const [key, label] of Object.entries(options)) {
      for (const word of new Set([key, label])) {
        const message = problemOf(word, key, options)
        if (message) context.addIssue({ code: 'custom', message, path: ['options', key] })
      }
    }
  }, always)
export type NotificationSettings = z.infer<typeof notificationSettings>

export const notifications = namedRecord(
  z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"'),
  notificationSettings,
)

function problemOf(word: string, key: string, options: Options): string | undefined {
  if (isReservedWord(word)) return `"${word}" is an opt-out, opt-in or help word`
  if (soundsLikeOptOut(word)) return `"${word}" sounds like an opt-out: nobody could tell which is meant`
  if (chooseOption(word, options) === key) return undefined
  return `"${word}" cannot be told from another option when it is replied`
}
