import { z } from 'zod'

import { always } from './always.ts'
import { answers } from './answer-words.ts'
import { bundleSettings } from './bundle.ts'
import { alertFactsOf, perChannel } from './channel.ts'
import { isReservedWord, normaliseText } from './keywords.ts'
import { limits } from './limits.ts'
import { messageTemplate } from './message-template.ts'
import { namedRecord } from './named-record.ts'
import { notifications } from './notification-settings.ts'
import { missingSenders } from './plan-of.ts'
import { policies } from './policy.ts'
import { quietHours } from './quiet-hours.ts'
import { retention } from './retention.ts'
import { sharedOptions } from './shared-options.ts'
import { signupSettings } from './signup.ts'
import { voiceLanguage, voiceStyle } from './voice.ts'

const senders = z
  .strictObject({
    ...perChannel(({ sender }) => sender.exactOptional()),
    voice: alertFactsOf.voice.sender.exactOptional().describe('the number that calls of alerts come from'),
  })
  .describe('our own address on each channel')

const everySeconds = z.int().min(1).max(86_400).describe('seconds between two updates')
const feedText = z
  .string()
  .min(1)
  .max(1_000)
  .default('{topic} {value}')
  .describe('what subscribers receive; {topic} and {value} are replaced')

/** What every feed may say, whatever its source. */
const anyFeed = {
  text: feedText,
  quietHours: quietHours.exactOptional().describe('updates are held back meanwhile; the newest is sent at their end'),
  whatsappTemplate: messageTemplate
    .exactOptional()
    .describe('sent on WhatsApp outside the 24-hour window instead of the text, in place of templates.whatsapp'),
  messageOptions: sharedOptions
    .exactOptional()
    .describe('how channels are asked to treat updates, as `options` of a message; each takes what it knows of it'),
}

const simulatedFeed = z.strictObject({
  source: z.literal('simulated'),
  everySeconds,
  start: z.number().positive().describe('first value of the random walk'),
  ...anyFeed,
})
const httpFeed = z.strictObject({
  source: z.literal('http'),
  everySeconds,
  url: z.url({ protocol: /^https?$/ }),
  field: z.string().min(1).describe('path of the value in the JSON answer, such as data.price'),
  headers: z.record(z.string(), z.string()).default({}),
  onlyOnChange: z.boolean().default(false),
  ...anyFeed,
})
const pushFeed = z.strictObject({
  source: z.literal('push'),
  everySeconds: everySeconds.default(60).describe('how long a pushed update stays worth sending'),
  ...anyFeed,
})

export const feed = z.discriminatedUnion('source', [simulatedFeed, httpFeed, pushFeed])
export type Feed = z.infer<typeof feed>

const topicName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,31}$/u, 'must be one word of up to 32 letters, digits, ".", "_" or "-"')
  .refine((name) => !isReservedWord(name), 'is an opt-out, opt-in or help word')

const feeds = namedRecord(topicName, feed).superRefine((record, context) => {
  const seen = new Map<string, string>()
  for (const name of Object.keys(Object(record))) {
    const word = normaliseText(name)
    const other = seen.get(word)
    seen.set(word, name)
    if (other === undefined) continue
    context.addIssue({ code: 'custom', message: `is the same word as "${other}"`, path: [name] })
  }
}, always)

/** The texts we write ourselves. {topics}, {topic} and {value} are replaced. */
const texts = z.strictObject({
  help: z.string().default('Send us a message with {topics} in it for real-time data. Reply STOP to end all messages.'),
  subscribed: z.string().default('You now receive {topic} updates here. Current value: {value}. Reply STOP to end.'),
  subscribedWithLink: z
    .string()
    .default('You now receive {topic} updates here. To end them: {end}')
    .describe('where replies cannot reach us, after a sign-up on the web page'),
  subscribedNoValue: z.string().default('You now receive {topic} updates here. Reply STOP to end.'),
  optedOut: z.string().default('You will not receive any more messages from us. Reply START to receive them again.'),
  alert: z
    .string()
    .default('{text}\nReply {code} to acknowledge.')
    .describe('WhatsApp and Messenger; {text}, {code}, {link}'),
  alertSms: z.string().default('{text}\nReply {code} to acknowledge, or open {link}'),
  alertCall: z
    .string()
    .default('{text}. Press 1 if you have it, 2 to pass it on, 9 to hear it again.')
    .describe('spoken in a phone call; {text}, {code}'),
  callTaken: z.string().default('You have it. Thank you.').describe('spoken after key 1'),
  callPassed: z.string().default('It is passed on. Thank you.').describe('spoken after key 2'),
  callNobody: z.string().default('Nobody is left to pass it on to.').describe('spoken after key 2'),
  callOver: z
    .string()
    .default('Nothing is left to do: {who} has it.')
    .describe('spoken after a key when somebody was faster'),
  callCancelled: z.string().default('Nothing is left to do: it is over.').describe('spoken after a key'),
  alertViber: z.string().default('{text}\nAcknowledge: {link}'),
  alertBundle: z
    .string()
    .default('{count} alerts:\n{list}\nReply OK to acknowledge all, or the code of one.')
    .describe('several alerts in one message, on WhatsApp and Messenger; {count}, {list}, {link}'),
  alertBundleSms: z
    .string()
    .default('{count} alerts:\n{list}\nReply OK to acknowledge all, or the code of one, or open {link}'),
  alertBundleViber: z.string().default('{count} alerts:\n{list}\nAcknowledge: {link}'),
  alertButton: z
    .string()
    .min(1)
    .max(20)
    .default('I have it')
    .describe('on the button that acknowledges, where the channel has buttons'),
  alertPassButton: z.string().min(1).max(20).default('I cannot').describe('on the button that passes it on'),
  alertClosing: z
    .string()
    .default('{who} has it: {text}')
    .describe('to everyone contacted, where the policy announces; to who answers later'),
  alertOver: z.string().default('It is over: {text}').describe('when it was cancelled or resolved; likewise'),
  answerTaken: z
    .string()
    .default('You have it: {text}\nAsked before you: {asked}{notes}')
    .describe('to who takes it; {text}, {code}, {who}, {asked}, {next}, {notes}'),
  answerPassed: z.string().default('Passed on. Now asked: {next}').describe('likewise'),
  answerNobodyLeft: z.string().default('Nobody is left to ask. If you can, reply {code}: {text}').describe('likewise'),
  answerNoted: z.string().default('Noted.').describe('likewise'),
  answerHandedOver: z.string().default('Handed over. Now asked: {next}').describe('likewise'),
  answerUnknownName: z.string().default('Nobody on the list has this name. There are: {names}').describe('likewise'),
  answerSnoozed: z
    .string()
    .default('Put off for {minutes} min. Then asked: {next}. Reply {code} if you have it.')
    .describe('likewise'),
  answerResolved: z.string().default('Thank you, it is over.').describe('likewise'),
  answerWho: z
    .string()
    .default('{text}\n{who} has it. Asked: {asked}. Now and next: {next}{notes}')
    .describe('likewise; {who} is "Nobody" until somebody has it'),
  answerHow: z
    .string()
    .default(
      '{text}\nReply {code} if you have it, PASS to have the next person asked, WHO to hear who was asked. {who} has it. Reply STOP to end all messages.',
    )
    .describe('to HELP and to what is not understood'),
  howToStop: z
    .string()
    .default('To end all messages from us, reply STOP. A person will look at your message as well.')
    .describe('answers free text that sounds like an opt-out'),
  optedIn: z.string().default('Welcome back. Send us a message with {topics} in it for real-time data.'),
})
export type Texts = z.infer<typeof texts>

const perSecond = z.number().positive().max(100_000).default(30).describe('messages (SMS: parts) per second and sender')

/** Enough of a configuration to look for missing senders, whatever else is wrong with it. */
const configAsWritten = z
  .object({
    senders: z.record(z.string(), z.string().optional().catch(undefined)).catch({}),
    policies: z.record(z.string(), z.object({ users: z.unknown() }).catch({ users: [] })).catch({}),
  })
  .catch({ senders: {}, policies: {} })

/** `switchboard.config.json`. Unknown keys are errors. */
export const switchboardConfig = z
  .strictObject({
    $schema: z.string().optional(),
    senders: senders.default({}),
    rates: z
      .strictObject({
        ...perChannel(() => perSecond),
        voice: z.number().positive().max(1_000).default(3).describe('phone calls that begin in a second'),
      })
      .prefault({}),
    templates: z
      .strictObject(perChannel(() => messageTemplate.exactOptional()))
      .default({})
      .describe('sent instead of a text outside the 24-hour window'),
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country code such as GB')
      .exactOptional()
      .describe('of phone numbers that people write without one'),
    viberTwoWay: z
      .boolean()
      .default(false)
      .describe('whether people can reply to the Viber sender; most accounts are one-way'),
    feeds: feeds.default({}),
    notifications: notifications.default({}),
    signup: signupSettings.prefault({}),
    limits: limits.prefault({}).describe("how much may be spent on strangers' wishes in a day"),
    policies: policies.default({}),
    texts: texts.prefault({}),
    answers: answers.default({}).describe('what people say to an alert, by language'),
    calls: z
      .strictObject({
        language: voiceLanguage.default('en-US').describe('of what is spoken'),
        style: voiceStyle.exactOptional().describe('which of its voices speaks; 0 unless given'),
        ringingSeconds: z.int().min(5).max(120).default(45).describe('how long a phone rings'),
      })
      .prefault({})
      .describe('phone calls of alerts'),
    bundles: bundleSettings.prefault({}).describe('many alerts to one person within a minute'),
    retention: retention.prefault({}).describe('days after which records go by themselves'),
  })
  .superRefine((config, context) => {
    const { senders, policies } = configAsWritten.parse(config)
    for (const [name, { users }] of Object.entries(policies)) {
      for (const { path, message } of missingSenders(users, senders)) {
        context.addIssue({
          code: 'custom',
          path: ['policies', name, ...path],
          message: `${message}; add one to senders`,
        })
      }
    }
  }, always)
export type SwitchboardConfig = z.infer<typeof switchboardConfig>
