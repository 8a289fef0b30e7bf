import {
  createWebhookVerifier,
  decodeParameters,
  parseAnswer,
  parseCallEvent,
  parseDeliveryReceipt,
  parseInbound,
  parseInboundSms,
  parseStatus,
} from '@switchboard/vonage'

import { onFrame, onText, openCall } from '../../services/echo/src/call-state.ts'
import { parseText } from '../../services/echo/src/parse-text.ts'
import { json, tryParsers } from './try-parsers.ts'

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

const v1 = {
  message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
  to: '447700900001',
  from: '447700900010',
  channel: 'whatsapp',
}
const at = '2026-09-21T14:13:20Z'
const media = ['image', 'video', 'file', 'audio', 'vcard', 'sticker'].map((type) =>
  JSON.stringify({
    ...v1,
    timestamp: at,
    message_type: type,
    [type]: { url: 'https://api.vonage.com/v3/media/1', caption: 'look', name: 'a.pdf' },
  }),
)
const mms = JSON.stringify({
  ...v1,
  channel: 'mms',
  timestamp: at,
  message_type: 'content',
  content: [
    { type: 'image', url: 'https://a.example/1' },
    { type: 'text', text: 'x' },
  ],
})
const buttons = [
  { message_type: 'button', button: { text: 'I have it', payload: 'A7' } },
  { message_type: 'reply', reply: { id: 'pass A7', title: 'Pass it on', description: 'x' } },
  { message_type: 'postback', postback: { title: 'I have it', payload: 'A7' } },
  {
    message_type: 'text',
    text: 'Yes',
    quick_reply: { payload: 'A7' },
    context: { message_uuid: 'm', message_from: '1' },
  },
  { message_type: 'reaction', reaction: { action: 'react', emoji: '👍' }, context: { message_uuid: 'm' } },
].map((said) => JSON.stringify({ ...v1, timestamp: at, ...said }))

const form = 'application/x-www-form-urlencoded'

tryParsers([
  {
    name: 'inbound messages',
    examples: [inboundV1, inboundV01],
    parse: (text) => void parseInbound(json(text), 0),
  },
  { name: 'media', examples: [...media, mms], parse: (text) => void parseInbound(json(text), 0) },
  { name: 'buttons and reactions', examples: buttons, parse: (text) => void parseInbound(json(text), 0) },
  { name: 'statuses', examples: [statusV1, statusV01], parse: (text) => void parseStatus(json(text), 0) },
  {
    name: 'SMS by form',
    examples: [sms],
    parse: (text) => void parseInboundSms(decodeParameters(text, form), 0),
  },
  {
    name: 'SMS by query',
    examples: [sms],
    parse: (text) => void parseInboundSms(Object.fromEntries(new URL(`http://a/?${text}`).searchParams), 0),
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
    name: 'texts of a WebSocket',
    examples: [
      '{"event":"websocket:connected","content-type":"audio/l16;rate=16000","call_uuid":"leg-a"}',
      '{"event":"websocket:dtmf","digit":"5","duration":260}',
      '{"event":"websocket:cleared"}',
    ],
    parse: (text) => void parseText(text),
  },
  {
    // Each line is a text, or the length of a frame of audio.
    name: 'frames and texts of a call',
    examples: [
      '{"event":"websocket:connected","content-type":"audio/l16;rate=16000","call_uuid":"leg-a"}\n640\n640\n{"event":"websocket:dtmf","digit":"5"}\n640',
      '640\n{"event":"websocket:connected","content-type":"audio/l16;rate=8000","call_uuid":"leg-a"}\n320\n321\n{"event":"websocket:cleared"}',
    ],
    parse: (text) => {
      let state = openCall('leg-a', 0)
      for (const line of text.split('\n')) {
        const step = /^\d+$/.test(line) ? onFrame(state, Number(line)) : onText(state, parseText(line))
        state = step.state ?? state
      }
    },
  },
])
