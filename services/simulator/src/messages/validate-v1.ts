import { isAddress, isChannel, rulesOf, type Channel } from '../channels.ts'
import type { DeliveryOptions } from '../channels/channel-rules.ts'
import type { InvalidParameter, Problem } from '../vonage/problem.ts'
import { readContent } from './content.ts'
import { invalid } from './invalid.ts'
import type { PhoneContent } from './phone-content.ts'
import { asObject, asText, asUrl, type Body } from './read-body.ts'

/** A message as v1 and v0.1 both describe it once read. */
export interface ValidMessage extends DeliveryOptions {
  channel: Channel
  address: string
  sender: string
  content: PhoneContent
  clientRef?: string
  webhookUrl?: string
  webhookVersion?: 'v1' | 'v0.1'
}

export type Validated<T> = { ok: true; value: T } | { ok: false; problem: Problem }

/** Checks a v1 message in the order in which Vonage complains. */
export function validateV1(body: Body): Validated<ValidMessage> {
  const { channel, message_type: type } = body
  if (!isChannel(channel)) return fail(invalid.channel(channel))
  if (!isAddress(channel, body.to)) return fail(invalid.recipient(channel))
  if (!isSender(channel, body.from)) return fail(invalid.sender(channel))
  if (typeof type !== 'string' || !rulesOf[channel].messageTypes.includes(type)) {
    return fail(invalid.messageType(type, channel))
  }
  const read = readContent(channel, type, body)
  if (!read.ok) return fail(invalid.parameters(read.problems))
  const common = readCommon(body)
  if (!common.ok) return common
  const options = asObject(body[channel]) ?? {}
  const problems = rulesOf[channel].optionProblems(type, options, body)
  if (problems.length > 0) return fail(invalid.channelParameters(problems))
  return {
    ok: true,
    value: {
      channel,
      address: body.to,
      sender: body.from,
      content: read.content,
      ...common.value,
      ...rulesOf[channel].readOptions(options, body),
    },
  }
}

export function isSender(channel: Channel, from: unknown): from is string {
  return typeof from === 'string' && rulesOf[channel].isSender(from)
}

type Common = Pick<ValidMessage, 'clientRef' | 'webhookUrl' | 'webhookVersion'>

function readCommon(body: Body): Validated<Common> {
  const problems: InvalidParameter[] = []
  const value: Common = {}
  if (body.client_ref !== undefined) {
    const reference = asText(body.client_ref)
    if (reference === null || reference.length > 100) return fail(invalid.clientReference())
    value.clientRef = reference
  }
  if (body.webhook_url !== undefined) {
    const url = asUrl(body.webhook_url)
    if (url === null) problems.push({ name: 'webhook_url', reason: 'must be a valid URL' })
    else value.webhookUrl = url
  }
  if (body.webhook_version === 'v1' || body.webhook_version === 'v0.1') value.webhookVersion = body.webhook_version
  else if (body.webhook_version !== undefined) {
    problems.push({ name: 'webhook_version', reason: 'must be one of v0.1, v1' })
  }
  return problems.length > 0 ? fail(invalid.parameters(problems)) : { ok: true, value }
}

function fail(problem: Problem): { ok: false; problem: Problem } {
  return { ok: false, problem }
}
