import type { Body } from '../messages/read-body.ts'
import type { InvalidParameter } from '../vonage/problem.ts'

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
  isSender: (value: string) => boolean
  /** Whether a message ever becomes `read`. */
  reportsRead: boolean
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
}

export const DAY_MS = 24 * 3_600_000
