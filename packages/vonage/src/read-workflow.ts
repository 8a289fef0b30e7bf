import { parseChannel } from '@switchboard/contracts'
import { z } from 'zod'

import { formats } from './channels/formats.ts'
import { DISPATCH_EXPIRY_SECONDS } from './dispatch.ts'
import type { DispatchStep } from './dispatch.ts'
import { dispatchMessage, readDispatchContent } from './read-dispatch-content.ts'
import type { DispatchContent, DispatchMessage, Problem } from './read-dispatch-content.ts'
import { endpointV01, readAddress } from './webhooks/fields.ts'

const { min, max } = DISPATCH_EXPIRY_SECONDS

const failover = z.object({
  expiry_time: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], 'must be a number of seconds.')
    .pipe(z.int().min(min, `must be at least ${min}.`).max(max, `must be at most ${max}.`)),
  condition_status: z.enum(['delivered', 'read'], 'must be delivered or read.'),
})

const item = z
  .object({
    from: endpointV01,
    to: endpointV01,
    message: dispatchMessage,
    client_ref: z.string().max(40, 'must have at most 40 characters.').optional(),
    failover: failover.optional(),
  })
  .transform((message, context): ReceivedStep => {
    const step = toStep(message)
    if (!Array.isArray(step)) return step
    for (const { path, problem } of step) context.addIssue({ code: 'custom', path, message: problem })
    return z.NEVER
  })

/** A step of a workflow that a caller brings, with the caller's own sender and reference. */
export interface ReceivedStep
  extends Pick<DispatchStep, 'channel' | 'to' | 'expirySeconds' | 'condition'>, DispatchContent {
  from: string
  clientRef?: string | undefined
}

interface Item {
  from: z.output<typeof endpointV01>
  to: z.output<typeof endpointV01>
  message: DispatchMessage
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

/** As v0.1 spells the channels. */
const types = Object.values(formats).map(({ v01 }) => v01.type)
const last = types.pop()

function toStep({ from, to, message, client_ref: clientRef, failover: wait }: Item): ReceivedStep | Problem[] {
  const channel = parseChannel(from.type)
  if (channel === undefined) return at(['from', 'type'], `must be ${types.join(', ')} or ${last}.`)
  if (parseChannel(to.type) !== channel) return at(['to', 'type'], 'must be the same as from.type.')
  const keys = formats[channel].v01
  const sender = from[keys.from]
  if (!sender) return at(['from', keys.from], 'is required.')
  const address = readAddress(channel, to[keys.to] ?? '')
  if (address === undefined) return at(['to', keys.to], `must be an address on ${channel}.`)
  const said = readDispatchContent(channel, message)
  if (Array.isArray(said)) return said.map(({ path, problem }) => ({ path: ['message', ...path], problem }))
  const { expiry_time: expirySeconds, condition_status: condition } = wait ?? {}
  return { channel, from: sender, to: address, ...said, expirySeconds, condition, clientRef }
}

function at(path: string[], problem: string): Problem[] {
  return [{ path, problem }]
}
