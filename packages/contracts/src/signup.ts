import { z } from 'zod'

import { contact } from './contact.ts'
import { messageTemplate } from './message-template.ts'

/**
 * A step of a sign-up on the web page: somebody asked for a topic on a contact's behalf, or the contact answered the
 * question that was sent to make sure.
 */
export const signupRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ask'),
    /** Of the sign-up; follows from the form, so that a form sent twice asks once. */
    id: z.string().min(1).max(40),
    contact,
    topic: z.string(),
    at: z.int(),
  }),
  z.object({
    kind: z.literal('answer'),
    signupId: z.string(),
    answer: z.enum(['confirm', 'decline']),
    via: z.enum(['text', 'link']),
    /** What they wrote. */
    words: z.string().max(100).optional(),
    /** When it reached us. */
    at: z.int(),
    /** Of a text: when it was sent, by the provider. */
    sentAt: z.int().optional(),
  }),
])
export type SignupRequest = z.infer<typeof signupRequest>
export type SignupAnswer = Extract<SignupRequest, { kind: 'answer' }>

const perDay = z.int().min(1).max(1_000_000)

/** The public sign-up page. It is off until `countries` says where its questions may go. */
export const signupSettings = z.strictObject({
  title: z.string().min(1).max(80).default('Live updates on your phone').describe('heading of the page'),
  perAddressPerDay: perDay.default(3).describe('questions sent to one number a day'),
  perIpPerHour: perDay.default(20).describe('forms taken from one IP address (IPv6: one /64) an hour'),
  perCountryPerDay: perDay.default(500).describe('questions sent to one country a day, against SMS pumping'),
  perDay: perDay.default(2_000).describe('questions sent in all a day'),
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'must be a country code such as GB'))
    .default([])
    .describe('numbers of which countries may be signed up; the page is off while there are none'),
  confirmWithinSeconds: z
    .int()
    .min(60)
    .max(7 * 86_400)
    .default(86_400)
    .describe('how long the question can be answered'),
  question: z
    .string()
    .max(600)
    .default(
      'Somebody asked for {topic} updates to this number. Reply YES to get them. If it was not you, reply NO or do nothing.',
    ),
  questionWithLinks: z
    .string()
    .max(600)
    .default(
      'Somebody asked for {topic} updates to this number. To get them: {confirm} If it was not you, or to end them: {decline}',
    )
    .describe('where replies cannot reach us, such as Viber'),
  whatsappTemplate: messageTemplate
    .exactOptional()
    .describe('asks on WhatsApp; without it or templates.whatsapp the page does not offer WhatsApp'),
})
export type SignupSettings = z.infer<typeof signupSettings>
