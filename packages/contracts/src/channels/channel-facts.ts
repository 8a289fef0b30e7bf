import type { z } from 'zod'

import type { MessageContent, MessageOptions, MessageParts } from '../message-content.ts'
import type { Addresses } from './addresses.ts'

export type AlertWording = 'alert' | 'alertSms' | 'alertViber' | 'alertCall'
export type BundleWording = 'alertBundle' | 'alertBundleSms' | 'alertBundleViber'

export interface ContentProblem {
  field: string
  message: string
}

/** What decides whether people can answer. */
export interface ReplySettings {
  senders: Partial<Record<string, string>>
  viberTwoWay: boolean
}

/** What is so of whatever an alert may take. */
export interface AlertChannelFacts {
  /** What people call it. */
  label: string
  /** How people are asked there: `by SMS`. */
  how: string
  /** Our own address there. */
  sender: z.ZodType<string, string>
  addresses: Addresses
  /** Whether a message ever becomes `read`. */
  reportsRead: boolean
  /** Which of our texts an alert is put in. */
  alertWording: AlertWording
  /** Characters. An alert that is too long is better cut than refused, or than charged many times over. */
  maxAlertLength: number
}

/** What is so of a channel, whoever provides it. How it is written to Vonage: packages/vonage/src/channels. */
export interface ChannelFacts extends AlertChannelFacts {
  /** Other spellings that are read, of older APIs and of the tutorial. Never kept. */
  otherNames?: readonly string[]
  /** Characters. Vonage refuses more. */
  maxTextLength: number
  /** What a message may be instead of text. */
  content: readonly MessageContent['type'][]
  /** The options that it knows. */
  options: readonly (keyof MessageOptions)[]
  /** What else would be refused, when the kind of content and each of the options are taken. */
  problem?: (parts: MessageParts) => ContentProblem | undefined
  /** Whether this goes out only within 24 hours of the person's last message. Without it nothing is bound to that. */
  needsWindow?: (parts: MessageParts) => boolean
  /** Whether an approved template says the text where the window is closed. */
  hasTemplates: boolean
  /** Why nobody can answer what we send, or undefined when people can. Without it they always can. */
  noAnswers?: (settings: ReplySettings) => string | undefined
  /** The option that puts a link under this content; undefined where there is none. Without it answers are buttons. */
  linkButton?: (
    content: MessageContent | undefined,
    button: { url: string; text: string },
  ) => Pick<MessageOptions, 'viberButton'> | undefined
  /** Which of our texts several alerts are put in. */
  bundleWording: BundleWording
  /** The status that says what a message costs. */
  chargedWhen: 'submitted' | 'delivered'
}
