import { channelFromV01, isAddress, rulesOf, type Channel } from '../channels.ts'
import type { Problem } from '../vonage/problem.ts'
import { readContent, readTemplate } from './content.ts'
import type { ReadContent } from './phone-content.ts'
import { asObject, asText, asUrl, type Body } from './read-body.ts'
import { isSender, type Validated, type ValidMessage } from './validate-v1.ts'

/** Checks a v0.1 message: addresses under `number` or `id`, content inside `message`. */
export function validateV01(body: Body): Validated<ValidMessage> {
  const from = asObject(body.from)
  const to = asObject(body.to)
  const channel = channelFromV01(to?.type)
  if (!channel || from?.type !== to?.type) return fail('to.type', 'must be a supported channel and equal from.type')
  const { v01 } = rulesOf[channel]
  const [address, sender] = [to?.[v01.person], from?.[v01.sender]]
  if (!isAddress(channel, address)) return fail(`to.${v01.person}`, 'is invalid')
  if (!isSender(channel, sender)) return fail('from', 'is invalid')
  const message = asObject(body.message)
  const content = asObject(message?.content)
  const read = readV01(channel, content, message)
  if (!read.ok) return fail(`message.content.${read.problems[0]?.name ?? 'type'}`, read.problems[0]?.reason ?? '')
  const reference = body.client_ref === undefined ? undefined : asText(body.client_ref)
  if (reference === null || (reference !== undefined && reference.length > 40)) {
    return fail('client_ref', 'must be at most 40 characters long')
  }
  const webhookUrl = asUrl(body.webhook_url)
  return {
    ok: true,
    value: {
      channel,
      address,
      sender,
      content: read.content,
      ...(reference === undefined ? {} : { clientRef: reference }),
      ...(webhookUrl === null ? {} : { webhookUrl }),
      ...rulesOf[channel].readOptions(asObject(message?.[v01.type]) ?? {}, {}),
    },
  }
}

function readV01(channel: Channel, content: Body | null, message: Body | null): ReadContent {
  const type = asText(content?.type)
  if (content === null || type === null || !rulesOf[channel].v01.contentTypes.includes(type)) {
    return { ok: false, problems: [{ name: 'type', reason: 'is not supported on this channel' }] }
  }
  const text = asText(content.text)
  if (type === 'text' && text !== null && text.length > rulesOf[channel].longestText) {
    return {
      ok: false,
      problems: [{ name: 'text', reason: `is longer than ${rulesOf[channel].longestText} characters` }],
    }
  }
  if (type === 'template') return readTemplate({ template: content.template, whatsapp: message?.whatsapp })
  if (type === 'location') return readContent(channel, 'custom', { custom: { type, location: content.location } })
  return readContent(channel, type, content)
}

function fail(name: string, reason: string): { ok: false; problem: Problem } {
  return {
    ok: false,
    problem: {
      status: 400,
      type: 'https://www.nexmo.com/messages/Errors#InvalidParams',
      title: 'Invalid params',
      detail: `${name} ${reason}`,
      invalidParameters: [{ name, reason }],
    },
  }
}
