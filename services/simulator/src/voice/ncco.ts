import { z } from 'zod'

import { isPhoneNumber } from '../channels/addresses.ts'

const rates = ['audio/l16;rate=8000', 'audio/l16;rate=16000', 'audio/l16;rate=24000'] as const
const LONGEST_HEADERS_BYTES = 512

const websocketEndpoint = z.looseObject({
  type: z.literal('websocket'),
  uri: z.string().regex(/^wss?:\/\//, 'must be a ws or wss address'),
  'content-type': z.enum(rates),
  headers: z
    .record(z.string(), z.unknown())
    .refine((headers) => JSON.stringify(headers).length <= LONGEST_HEADERS_BYTES, 'must be at most 512 bytes')
    .optional(),
  authorization: z
    .union([
      z.looseObject({ type: z.literal('vonage') }),
      z.looseObject({ type: z.literal('custom'), value: z.string() }),
    ])
    .optional(),
})

/** Vonage takes numbers and switches as text, too: many of its own examples write them so. */
const number = (check: z.ZodNumber = z.number()) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), check)
const flag = z.preprocess((value) => (value === 'true' || value === 'false' ? value === 'true' : value), z.boolean())

/** Whom a call can be made to, in `connect` and in `POST /v1/calls`. */
export const endpointSchema = z.discriminatedUnion('type', [
  websocketEndpoint,
  z.looseObject({
    type: z.literal('phone'),
    number: z.string().refine(isPhoneNumber, 'must be 7 to 15 digits'),
    dtmfAnswer: z.string().optional(),
  }),
  z.looseObject({ type: z.literal('app'), user: z.string().min(1) }),
  z.looseObject({ type: z.literal('sip'), uri: z.string().regex(/^sips?:\S+$/, 'must be a sip address') }),
  z.looseObject({ type: z.literal('vbc'), extension: z.string() }),
])

const eventTarget = {
  eventUrl: z.array(z.url()).length(1).optional(),
  eventMethod: z.enum(['GET', 'POST']).optional(),
}

const talk = z.looseObject({
  action: z.literal('talk'),
  text: z.string().min(1).max(1_500),
  language: z.string().optional(),
  bargeIn: flag.optional(),
})

const connect = z.looseObject({
  action: z.literal('connect'),
  endpoint: z.array(endpointSchema).length(1),
  from: z.string().optional(),
  eventType: z.literal('synchronous').optional(),
  timeout: number(z.number().positive()).optional(),
  limit: number(z.number().positive().max(7_200)).optional(),
  machineDetection: z.enum(['continue', 'hangup']).optional(),
  advancedMachineDetection: z
    .looseObject({
      behavior: z.enum(['continue', 'hangup']).optional(),
      mode: z.enum(['default', 'detect', 'detect_beep']).optional(),
    })
    .optional(),
  ...eventTarget,
})

const input = z.looseObject({
  action: z.literal('input'),
  type: z
    .array(z.enum(['dtmf', 'speech']))
    .min(1)
    .optional(),
  dtmf: z
    .looseObject({
      timeOut: number().optional(),
      maxDigits: number().optional(),
      submitOnHash: flag.optional(),
    })
    .optional(),
  speech: z.looseObject({ startTimeout: number(z.number().min(1).max(60)).optional() }).optional(),
  ...eventTarget,
})

const record = z.looseObject({
  action: z.literal('record'),
  endOnSilence: number(z.number().min(3).max(10)).optional(),
  endOnKey: z
    .string()
    .regex(/^[0-9*#]$/)
    .optional(),
  timeOut: number(z.number().min(3).max(7_200)).optional(),
  ...eventTarget,
})

const conversation = z.looseObject({
  action: z.literal('conversation'),
  name: z.string().min(1),
  endOnExit: flag.optional(),
  record: flag.optional(),
  ...eventTarget,
})

const stream = z.looseObject({ action: z.literal('stream'), streamUrl: z.array(z.string()).length(1) })
const wait = z.looseObject({ action: z.literal('wait'), timeout: number(z.number().min(0)).optional() })
const notify = z.looseObject({
  action: z.literal('notify'),
  payload: z.record(z.string(), z.unknown()),
  ...eventTarget,
  eventUrl: z.array(z.url()).length(1),
})
/** Known to Vonage, without effect here. */
const passed = z.looseObject({ action: z.enum(['pay', 'transfer']) })

const nccoSchema = z.array(
  z.discriminatedUnion('action', [talk, connect, input, record, conversation, stream, wait, notify, passed]),
)

export type Ncco = z.infer<typeof nccoSchema>
export type NccoAction = Ncco[number]
export type TalkAction = z.infer<typeof talk>
export type ConnectAction = z.infer<typeof connect>
export type InputAction = z.infer<typeof input>
export type RecordAction = z.infer<typeof record>
export type ConversationAction = z.infer<typeof conversation>
export type Endpoint = z.infer<typeof endpointSchema>
export type WebsocketEndpoint = z.infer<typeof websocketEndpoint>

export type ParsedNcco = { ok: true; ncco: Ncco } | { ok: false; reason: string }

/** Reads what an application answered. */
export function parseNcco(text: string): ParsedNcco {
  try {
    return checkNcco(JSON.parse(text))
  } catch {
    return { ok: false, reason: 'Syntax error in NCCO: the answer is not JSON' }
  }
}

export function checkNcco(value: unknown): ParsedNcco {
  const parsed = nccoSchema.safeParse(value)
  if (parsed.success) return { ok: true, ncco: parsed.data }
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  return {
    ok: false,
    reason: `Syntax error in NCCO: ${where === '' ? 'it' : where} ${issue?.message ?? 'is not valid'}`,
  }
}

export function rateOf(endpoint: WebsocketEndpoint): number {
  return Number(endpoint['content-type'].split('=')[1])
}
