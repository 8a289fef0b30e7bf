import {
  chooseOption,
  csvRow,
  parseConfirmation,
  parseKeyword,
  soundsLikeOptOut,
  switchboardConfig,
  wishesToOptOut,
} from '@switchboard/contracts'
import { readPhoneNumber } from '@switchboard/phone-numbers'
import {
  createWebhookVerifier,
  decodeParameters,
  dispatchWorkflow,
  parseAnswer,
  parseCallEvent,
  parseDeliveryReceipt,
  parseInbound,
  parseInboundSms,
  parseStatus,
} from '@switchboard/vonage'

import { parseText } from '../../services/echo/src/parse-text.ts'
import { alertBody } from '../../services/ingress/src/alert-body.ts'
import { networkOf } from '../../services/ingress/src/network-of.ts'

export interface Parser {
  name: string
  /** As they came from the world; inputs are these, changed. */
  examples: string[]
  /** Throws only when the input was too much for it: what is refused is a result. */
  parse: (text: string) => void
}

const settings = { senders: { sms: '447700900000', whatsapp: '447700900001' } }
const body = alertBody(settings)
const verify = createWebhookVerifier({
  signatureSecrets: ['a signature secret of the account'],
  applicationIds: ['aaaaaaaa-bbbb-cccc-dddd-0123456789ab'],
  toleranceSeconds: 300,
  now: () => 1_790_000_000_000,
})

const inboundV1 =
  '{"channel":"whatsapp","message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900001","from":"447700900010","timestamp":"2026-09-21T14:13:20Z","message_type":"text","text":"MSFT please","context":{"message_uuid":"x"},"profile":{"name":"Ada"}}'
const inboundV01 =
  '{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","timestamp":"2026-09-21T14:13:20Z","to":{"type":"messenger","id":"100000001"},"from":{"type":"messenger","id":"9000000001"},"message":{"content":{"type":"text","text":"STOP"}}}'
const statusV1 =
  '{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900010","from":"447700900000","timestamp":"2026-09-21T14:13:20Z","status":"rejected","error":{"type":"https://developer.vonage.com/api-errors#1320","title":1320,"detail":"no"},"client_ref":"al-1","usage":{"currency":"EUR","price":"0.0333"},"channel":"sms"}'
const statusV01 =
  '{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":{"type":"sms","number":"447700900010"},"from":{"type":"sms","number":"447700900000"},"timestamp":"2026-09-21T14:13:20Z","status":"delivered","usage":{"currency":"EUR","price":"0.0333"},"client_ref":"al-1"}'
const sms =
  'msisdn=447700900010&to=447700900000&messageId=0A0000000123ABCD1&text=Hello+MSFT&type=text&keyword=HELLO&message-timestamp=2026-09-21+14%3A13%3A20&concat=true&concat-ref=1&concat-total=3&concat-part=2'
const receipt =
  'msisdn=447700900010&to=447700900000&network-code=23410&messageId=0A0000000123ABCD1&price=0.03330000&status=delivered&scts=2609211413&err-code=0&message-timestamp=2026-09-21+14%3A13%3A20&client-ref=al-1'
const toJson = (query: string) => JSON.stringify(Object.fromEntries(new URLSearchParams(query)))

const config =
  '{"senders":{"sms":"447700900000"},"feeds":{"MSFT":{"source":"simulated","everySeconds":10,"start":420},"N":{"source":"http","everySeconds":9,"url":"https://a.example/x?k=1","field":"a.b"}},"notifications":{"d":{"text":"Reply 1 (a) or 2 (b)","options":{"1":"a","2":"b"}}},"policies":{"p":{"users":[{"name":"T","channels":[{"type":"sms","id_num":"447700900011"},{"type":"sms","id_num":"447700900012"}]}]}},"limits":{"messagesPerSenderPerDay":5},"signup":{"countries":["GB"]}}'

const form = 'application/x-www-form-urlencoded'
const words = [
  'STOP',
  'stop promotions',
  'Yes',
  'no thanks',
  '2',
  'option 2, please',
  '❷',
  'deliver to post office',
  '٢',
]

export const parsers: Parser[] = [
  {
    name: 'inbound messages',
    examples: [inboundV1, inboundV01],
    parse: (text) => void parseInbound(json(text), 0),
  },
  { name: 'statuses', examples: [statusV1, statusV01], parse: (text) => void parseStatus(json(text), 0) },
  {
    name: 'SMS by query or form',
    examples: [sms],
    parse: (text) => void parseInboundSms(decodeParameters(text, form), 0),
  },
  { name: 'SMS by JSON', examples: [toJson(sms)], parse: (text) => void parseInboundSms(json(text), 0) },
  {
    name: 'delivery receipts',
    examples: [receipt],
    parse: (text) => void parseDeliveryReceipt(decodeParameters(text, form), 0),
  },
  {
    name: 'calls',
    examples: [
      '{"uuid":"leg-a","conversation_uuid":"CON-1","from":"447700900010","to":"447700900000","region_url":"https://api-eu-3.vonage.com"}',
      '{"uuid":"leg-a","status":"completed","direction":"inbound","duration":"12","price":"0.01","start_time":"2026-09-21T14:13:20Z","timestamp":"2026-09-21T14:13:20Z","headers":{"call_uuid":"leg-a"}}',
    ],
    parse: (text) => {
      const read = json(text)
      parseAnswer(read)
      parseCallEvent(read, 0)
    },
  },
  {
    name: 'texts of a WebSocket',
    examples: [
      '{"event":"websocket:connected","content-type":"audio/l16;rate=16000","call_uuid":"leg-a"}',
      '{"event":"websocket:dtmf","digit":"5","duration":260}',
      '{"event":"websocket:cleared"}',
    ],
    parse: (text) => void parseText(text),
  },
  {
    name: 'bodies of alerts',
    examples: [
      '{"text":"Main server down","policy":"oncall"}',
      '{"text":"x","users":[{"name":"Tony","channels":[{"type":"sms","id_num":"447700900011","expiry_time":15,"condition_status":"read"},{"type":"whatsapp","id_num":"447700900012"}]}]}',
    ],
    parse: (text) => void body.safeParse(json(text)),
  },
  {
    name: 'Dispatch workflows',
    examples: [
      '{"template":"failover","workflow":[{"from":{"type":"sms","number":"447700900000"},"to":{"type":"sms","number":"447700900010"},"message":{"content":{"type":"text","text":"x"}},"failover":{"expiry_time":600,"condition_status":"delivered"}},{"from":{"type":"sms","number":"447700900000"},"to":{"type":"sms","number":"447700900011"},"message":{"content":{"type":"text","text":"x"}}}]}',
    ],
    parse: (text) => void dispatchWorkflow.safeParse(json(text)),
  },
  {
    name: 'configurations',
    examples: [config],
    parse: (text) => void switchboardConfig.safeParse(json(text)),
  },
  {
    name: 'tokens of webhooks',
    examples: [
      'Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTAwMDAwMDAsImp0aSI6IjEiLCJpc3MiOiJWb25hZ2UifQ.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ],
    parse: (text) =>
      void verify({
        authorization: text,
        vonageToken: text,
        rawBody: Buffer.from(text),
        query: text,
        method: 'POST',
      }),
  },
  {
    name: 'phone numbers',
    examples: ['+44 7700 900123', '0044 (7700) 900-123', '07700 900123', '＋81 90 1234 5678', '1'.repeat(40)],
    parse: (text) => void readPhoneNumber(text, 'GB'),
  },
  {
    name: 'words of replies',
    examples: words,
    parse: (text) => {
      parseKeyword(text)
      parseConfirmation(text)
      soundsLikeOptOut(text)
      wishesToOptOut({ text, caption: text, payload: text })
      chooseOption(text, { '1': 'tomorrow', '2': 'Thursday', '3': 'deliver to post office' })
    },
  },
  {
    name: 'cells of CSV, IP addresses',
    examples: ['=1+1', '\n=HYPERLINK("x")', '2001:db8::1', '::ffff:192.0.2.1', 'a,"b"\r\n'],
    parse: (text) => {
      csvRow([text, text])
      networkOf(text)
    },
  },
]

/** Undefined when it is none, which the door answers with 400. */
function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
