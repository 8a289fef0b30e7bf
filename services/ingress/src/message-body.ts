import {
  addressProblem,
  channel,
  contentProblems,
  describeContent,
  isPhoneChannel,
  messageParts,
} from '@switchboard/contracts'
import type { OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import { z } from 'zod'

import { Problem } from './problem.ts'
import type { FieldProblem } from './problem.ts'

/** A day: what nobody wants so long after it was asked for. */
const DEFAULT_TTL_SECONDS = 86_400

export const messageBody = z
  .strictObject({
    channel: channel.default('sms'),
    to: z.string().trim().min(1).max(60).describe('a phone number with its country code, or a Messenger id'),
    text: z.string().min(1).max(4_096).optional(),
    ...messageParts.shape,
  })
  .refine(({ text, content }) => (text === undefined) !== (content === undefined), {
    path: ['text'],
    message: 'is required, or content; not both',
  })
export type MessageBody = z.infer<typeof messageBody>

/** The message that a program asks for. Throws a Problem (422) that names everything that Vonage would refuse. */
export function readMessage(
  { channel, to, text, content, options }: MessageBody,
  { senders }: Pick<SwitchboardConfig, 'senders'>,
  { id, now }: { id: string; now: number },
): OutboundMessage {
  const address = isPhoneChannel(channel) ? to.replaceAll(/^\+|[\s()-]/g, '') : to
  const message: OutboundMessage = {
    id,
    channel,
    to: address,
    text: text ?? (content ? describeContent(content) : ''),
    purpose: 'message',
    createdAt: now,
    expiresAt: now + (options?.ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1_000,
    ...(content ? { content } : {}),
    ...(options ? { options } : {}),
  }
  const wrong = addressProblem(channel, address)
  const problems: FieldProblem[] = [
    ...(wrong ? [{ field: 'to', message: wrong }] : []),
    ...(senders[channel] === undefined
      ? [{ field: 'channel', message: `has no sender: add senders.${channel} to the configuration` }]
      : []),
    ...contentProblems(channel, message),
  ]
  if (problems.length === 0) return message
  const detail = problems.map((each) => `${each.field}: ${each.message}`).join('; ')
  throw new Problem(422, 'Not valid', detail, problems)
}
