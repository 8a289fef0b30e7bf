import type { AccountSettings } from '../account.ts'
import type { Message, StatusChange } from '../message-store.ts'
import type { PhoneButton } from '../messages/phone-content.ts'
import type { Body } from '../messages/read-body.ts'
import type { InvalidParameter } from '../vonage/problem.ts'
import type { InboundContext } from '../webhooks/inbound-context.ts'

/** What a request says of its delivery, where a channel has that. */
export interface DeliveryOptions {
  ttlMs?: number
  messengerTag?: { category?: string; tag?: string }
  /** SMS: force GSM-7 or UCS-2 instead of choosing by the text. */
  encoding?: 'text' | 'unicode'
}

/** What Vonage does alike on every channel, with values of its own on each. */
export interface ChannelRules {
  /** What people call it. */
  label: string
  /** As v0.1 and Dispatch spell it, the members that hold the two addresses there, and the types of content. */
  v01: { type: string; person: 'id' | 'number'; sender: 'id' | 'number'; contentTypes: readonly string[] }
  /** The message types of v1. */
  messageTypes: readonly string[]
  /** In characters. */
  longestText: number
  /** Whether a person can be reached there. */
  isAddress: (value: string) => boolean
  /** What an address there looks like. */
  addressForm: string
  isSender: (value: string) => boolean
  /** Ours, unless another is configured. */
  exampleSender: string
  /** Whether messages from senders that are not ours are refused. */
  checksSender: boolean
  /** Whether a message ever becomes `read`. */
  reportsRead: boolean
  /** Whether what people write there reaches nobody. Without it nothing is lost. */
  isOneWay?: (account: AccountSettings) => boolean
  /** Whether our side can say that it has read what a person wrote. */
  canMarkRead: boolean
  /** Whether somebody who has blocked us goes unreported: nothing is ever delivered, and nobody says why. */
  hidesBlocks: boolean
  /** Free-form messages only within 24 hours of the person's last message. */
  hasResponseWindow: boolean
  /** Of one message (of one part on SMS), in euros. */
  price: string
  /** The statuses that name the price. */
  chargedWhen: readonly string[]
  /** How long the carrier tries, unless the message says so. */
  lifetimeMs: number
  /** What is wrong with the options of the channel in a v1 body. */
  optionProblems: (messageType: string, options: Body, body: Body) => InvalidParameter[]
  /** Reads the options of the channel, and what a v1 body has beside them (v0.1: nothing). */
  readOptions: (options: Body, body: Body) => DeliveryOptions
  /** What is wrong with media, beyond what is wrong with it everywhere. */
  mediaProblem?: (kind: string, media: Body, buttons: readonly PhoneButton[]) => InvalidParameter | undefined
  /** The buttons that the options of a v1 body put under a message. */
  buttonsOf?: (options: Body) => PhoneButton[]
  /** How many parts a text is sent in. Without it one. */
  countParts?: (text: string, encoding: DeliveryOptions['encoding']) => number
  /** What an inbound message has beside what it has on all channels, as v1 and as v0.1 tell it. */
  inboundExtras: (message: Message, context: InboundContext) => Record<string, unknown>
  inboundExtrasV01?: (message: Message) => { message?: Record<string, unknown>; webhook?: Record<string, unknown> }
  /** What a v1 status has beside what it has on all channels. */
  statusExtras?: (message: Message, change: StatusChange) => Record<string, unknown>
}

export const DAY_MS = 24 * 3_600_000

/** A time to live in seconds, as bodies have it. */
export function lifetimeOf(ttl: unknown): Pick<DeliveryOptions, 'ttlMs'> {
  return typeof ttl === 'number' ? { ttlMs: ttl * 1_000 } : {}
}
