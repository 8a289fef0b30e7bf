import { inboundMessage } from '@switchboard/contracts'
import type { InboundMessage } from '@switchboard/contracts'

import { readAddress } from './fields.ts'
import { eventTime } from './parse-timestamp.ts'
import { ignored, parsedAs, unrecognised } from './parsed.ts'
import type { Parsed } from './parsed.ts'
import { readParams } from './read-params.ts'
import type { SmsParams } from './read-params.ts'

/** An inbound SMS of the SMS API, whether it came as a query, a form or JSON. Never throws. */
export function parseInboundSms(source: unknown, receivedAt: number): Parsed<InboundMessage> {
  const params = readParams(source)
  if (params === undefined) return unrecognised('parameters: not an object')
  // Vonage fetches the URL without parameters when it is saved, and wants a 200.
  if (params['messageId'] === undefined && params['msisdn'] === undefined) return ignored('no message in it')
  const from = readAddress('sms', params['msisdn'] ?? '')
  if (from === undefined) return unrecognised('msisdn: not a phone number')
  const isBinary = params['type'] === 'binary'
  return parsedAs(inboundMessage, {
    id: params['messageId'] ?? '',
    channel: 'sms',
    from,
    to: params['to'] ?? '',
    kind: isBinary ? 'binary' : 'text',
    text: isBinary ? null : (params['text'] ?? ''),
    sentAt: eventTime(params['message-timestamp'], receivedAt),
    receivedAt,
    part: readPart(params),
  })
}

/** Carriers without a user data header leave the fields out: such parts stay messages of their own. */
function readPart(params: SmsParams): InboundMessage['part'] {
  const candidate = {
    reference: params['concat-ref'] ?? '',
    total: Number(params['concat-total']),
    number: Number(params['concat-part']),
  }
  const read = inboundMessage.shape.part.safeParse(candidate)
  const part = read.success ? read.data : undefined
  return part !== undefined && part.total > 1 && part.number <= part.total ? part : undefined
}
