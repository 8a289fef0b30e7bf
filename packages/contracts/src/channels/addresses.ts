import { z } from 'zod'

/** How people are reached on a channel. */
export interface Addresses {
  /** One number is one person on every channel that has numbers; an id is a person of its own. */
  areNumbers: boolean
  /** Why this is not one of them, or undefined when it is. */
  problem: (value: string) => string | undefined
}

const NO_NUMBER = 'must be a phone number of 7 to 15 digits in E.164 form without "+"'

/** 7-15 digits without `+`. */
export const phoneNumber = z.string().regex(/^[1-9]\d{6,14}$/, NO_NUMBER)

export const phoneNumbers: Addresses = {
  areNumbers: true,
  problem: (value) => (phoneNumber.safeParse(value).success ? undefined : NO_NUMBER),
}
