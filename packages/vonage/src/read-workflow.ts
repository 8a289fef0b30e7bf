import { parseChannel } from '@switchboard/contracts'
import type { Channel } from '@switchboard/contracts'
import { z } from 'zod'

import { formats } from './channels/formats.ts'
import { DISPATCH_EXPIRY_SECONDS } from './dispatch.ts'
import type { DispatchStep } from './dispatch.ts'
import { endpointV01, readAddress } from './webhooks/fields.ts'

const { min, max } = DISPATCH_EXPIRY_SECONDS

const failover = z.object({
  expiry_time: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], 'must be a number of seconds.')
    .pipe(z.number().int().min(min, `must be at least ${min}.`).max(max, `must be at most ${max}.`)),
  condition_status: z.enum(['delivered', 'read'], 'must be delivered or read.'),
})

const textContent = z.object({ type: z.literal('text'), text: z.string('is required.').min(1, 'is required.') })
const templateContent = z.object({
  type: z.literal('template'),
  template: z.object({
    name: z.string('is required.').min(1),
    parameters: z
      .array(z.union([z.string(), z.object({ default: z.string() }).transform((parameter) => parameter.default)]))
      .default([]),
  }),
})

const item = z
  .object({
    from: endpointV01,
    to: endpointV01,
    message: z.object({
      content: z.discriminatedUnion('type', [textContent, templateContent], 'must have the type text or template.'),
      whatsapp: z.object({ locale: z.string() }).optional(),
    }),
    client_ref: z.string().max(40, 'must have at most 40 characters.').optional(),
    failover: failover.optional(),
  })
  .transform((message, context): ReceivedStep => {
    const step = toStep(message)
    if (!('problem' in step)) return step
    context.addIssue({ code: 'custom', path: step.path, message: step.problem })
    return z.NEVER
  })

/** A step of a workflow that a caller brings, with the caller's own sender and reference. */
export type ReceivedStep = DispatchStep & { from: string; clientRef?: string | undefined }

interface Message {
  from: z.output<typeof endpointV01>
  to: z.output<typeof endpointV01>
  message: {
    content: z.output<typeof textContent> | z.output<typeof templateContent>
    whatsapp?: { locale: string } | undefined
  }
  client_ref?: string | undefined
  failover?: z.output<typeof failover> | undefined
}

/**
 * Reads the body of `POST /v0.1/dispatch` into steps. Numbers may be numeric strings, and both spellings of Viber
 * are taken. Turn the error into Vonage's answer with `dispatchProblem`.
 */
export const dispatchWorkflow = z
  .object({
    template: z.literal('failover', 'must be failover.'),
    workflow: z.array(item, 'is required.').min(1, 'must have at least one message.'),
  })
  .superRefine(({ workflow }, context) => {
    workflow.forEach((step, index) => {
      const isLast = index === workflow.length - 1
      if (isLast === (step.condition === undefined)) return
      const message = isLast ? 'must be absent on the last message.' : 'is required on every message but the last.'
      context.addIssue({ code: 'custom', path: ['workflow', index, 'failover'], message })
    })
  })
  .transform(({ workflow }) => ({ steps: workflow }))

function toStep(message: Message): ReceivedStep | Problem {
  const channel = parseChannel(message.from.type)
  if (channel === undefined) return at(['from', 'type'], 'must be sms, whatsapp, messenger or viber_service_msg.')
  if (parseChannel(message.to.type) !== channel) return at(['to', 'type'], 'must be the same as from.type.')
  const keys = formats[channel].v01
  const from = message.from[keys.from]
  if (!from) return at(['from', keys.from], 'is required.')
  const to = readAddress(channel, message.to[keys.to] ?? '')
  if (to === undefined) return at(['to', keys.to], `must be an address on ${channel}.`)
  const content = readContent(channel, message.message)
  if ('problem' in content) return content
  const { expiry_time: expirySeconds, condition_status: condition } = message.failover ?? {}
  return { channel, from, to, ...content, expirySeconds, condition, clientRef: message.client_ref }
}

function readContent(
  channel: Channel,
  { content, whatsapp }: Message['message'],
): Pick<DispatchStep, 'text' | 'template'> | Problem {
  const { maxTextLength } = formats[channel]
  if (content.type === 'text') {
    const isTooLong = content.text.length > maxTextLength
    const problem = `must have at most ${maxTextLength} characters.`
    return isTooLong ? at(['message', 'content', 'text'], problem) : { text: content.text }
  }
  if (channel !== 'whatsapp') return at(['message', 'content', 'type'], 'must be text on this channel.')
  if (whatsapp === undefined) return at(['message', 'whatsapp', 'locale'], 'is required.')
  const { name, parameters } = content.template
  return { text: parameters.join(' ') || name, template: { name, parameters, locale: whatsapp.locale } }
}

interface Problem {
  path: string[]
  problem: string
}

function at(path: string[], problem: string): Problem {
  return { path, problem }
}
