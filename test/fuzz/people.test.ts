import {
  alertAct,
  answerWordsOf,
  chooseOption,
  csvRow,
  parseConfirmation,
  parseKeyword,
  soundsLikeOptOut,
  switchboardConfig,
  wishesToOptOut,
} from '@switchboard/contracts'
import { readPhoneNumber } from '@switchboard/phone-numbers'
import { networkOf } from '@switchboard/runtime'
import { dispatchWorkflow } from '@switchboard/vonage'

import { checkRows } from '../../services/console/src/mailings/check-rows.ts'
import { readFile } from '../../services/console/src/mailings/read-file.ts'
import { readAnswer } from '../../services/failover/src/read-answer.ts'
import { readActForm } from '../../services/ingress/src/act-form.ts'
import { alertBody } from '../../services/ingress/src/alert-body.ts'
import { alertmanagerBody, alertmanagerText } from '../../services/ingress/src/alertmanager.ts'
import { messageBody, readMessage } from '../../services/ingress/src/message-body.ts'
import { notificationBody, readNotification } from '../../services/ingress/src/notification-body.ts'
import { Problem } from '../../services/ingress/src/problem.ts'
import { readSignup, signupForm } from '../../services/ingress/src/signup-form.ts'
import { json, tryParsers } from './try-parsers.ts'

const settings = { senders: { sms: '447700900000', whatsapp: '447700900001' } }
const body = alertBody(settings)

const config =
  '{"senders":{"sms":"447700900000"},"feeds":{"MSFT":{"source":"simulated","everySeconds":10,"start":420},"N":{"source":"http","everySeconds":9,"url":"https://a.example/x?k=1","field":"a.b"}},"notifications":{"d":{"text":"Reply 1 (a) or 2 (b)","options":{"1":"a","2":"b"},"messageOptions":{"ttlSeconds":60,"messengerTag":"T","viberButton":{"url":"https://a.example","text":"b"}}}},"policies":{"p":{"users":[{"name":"T","channels":[{"type":"sms","id_num":"447700900011","options":{"ttlSeconds":60}},{"type":"sms","id_num":"447700900012"}]}]}},"limits":{"messagesPerSenderPerDay":5},"signup":{"countries":["GB"]}}'

const answerWords = answerWordsOf({})
const configured = switchboardConfig.parse(JSON.parse(config))

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

/** What is refused with a sentence is a result. */
function orProblem(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}

const dispatch = (content: object, more: object = {}) =>
  JSON.stringify({
    template: 'failover',
    workflow: ['447700900010', '447700900011'].map((number, index) => ({
      from: { type: 'whatsapp', number: '447700900001' },
      to: { type: 'whatsapp', number },
      message: { content, ...more },
      ...(index === 0 ? { failover: { expiry_time: 600, condition_status: 'delivered' } } : {}),
    })),
  })

tryParsers([
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
    name: 'what Dispatch workflows say',
    examples: [
      dispatch({ type: 'image', image: { url: 'https://a.example/1.png', caption: 'x' } }),
      dispatch(
        { type: 'video', video: { url: 'https://a.example/1.mp4' } },
        { viber_service_msg: { ttl: 60, duration: '9', file_size: 3 } },
      ),
      dispatch(
        { type: 'template', template: { name: 'a:b', parameters: [{ default: 'x' }] } },
        { whatsapp: { locale: 'en-GB', policy: 'deterministic' } },
      ),
      dispatch(
        { type: 'custom', custom: { type: 'interactive', interactive: { body: { text: 'x' } } } },
        { messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
      ),
    ],
    parse: (text) => void dispatchWorkflow.safeParse(json(text)),
  },
  {
    name: 'messages of programs',
    examples: [
      '{"channel":"sms","to":"+44 7700 900123","text":"Your table is ready","options":{"ttlSeconds":600}}',
      '{"channel":"whatsapp","to":"447700900123","content":{"type":"image","url":"https://a.example/1.png","caption":"x"}}',
      '{"channel":"viber_service","to":"447700900123","content":{"type":"video","url":"https://a.example/1.mp4","thumbUrl":"https://a.example/1.png","durationSeconds":9,"megabytes":3},"options":{"viberCategory":"transaction","viberButton":{"url":"https://a.example","text":"x"}}}',
    ],
    parse: (text) => {
      const { data } = messageBody.safeParse(json(text))
      if (data) orProblem(() => readMessage(data, settings, { id: 'msg-1', now: 0 }))
    },
  },
  {
    name: 'notifications of programs',
    examples: [
      '{"channel":"sms","to":"+44 7700 900123","template":"d","variables":{"name":"Ada","slots":3}}',
      '{"number":"07700900123"}',
    ],
    parse: (text) => {
      const { data } = notificationBody.safeParse(json(text))
      if (data) orProblem(() => readNotification(data, configured))
    },
  },
  {
    name: 'webhooks of Alertmanager',
    examples: [
      '{"version":"4","groupKey":"{}:{alertname=\\"Disk\\"}","status":"firing","groupLabels":{"alertname":"Disk"},"commonLabels":{"severity":"page"},"commonAnnotations":{"summary":"Disk full"},"alerts":[{"status":"firing","labels":{"instance":"db-7"},"annotations":{"summary":"x"}}]}',
    ],
    parse: (text) => {
      const { data } = alertmanagerBody.safeParse(json(text))
      if (data) alertmanagerText(data)
    },
  },
  {
    name: 'forms of people',
    examples: [
      'act=note&id=once&text=The+door+code',
      'act=snooze&minutes=30',
      'channel=sms&number=%2B447400123456&topic=MSFT&token=x&website=',
    ],
    parse: (text) => {
      const fields = Object.fromEntries(new URLSearchParams(text))
      readActForm(fields)
      alertAct.safeParse(json(text))
      readSignup(signupForm.parse(fields), configured)
    },
  },
  {
    name: 'configurations',
    examples: [config],
    parse: (text) => void switchboardConfig.safeParse(json(text)),
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
    name: 'replies to alerts',
    examples: [
      "can't, on a plane",
      'snooze 2 hours',
      'note the door code is 1234',
      'hand over to Ann',
      'A7 done',
      '👍',
      'Ich bin im Urlaub',
    ],
    parse: (text) => {
      const acknowledge = text.length % 2 === 0 ? 'anything' : 'code'
      readAnswer({ words: text, payload: text }, { code: 'A7', acknowledge }, answerWords)
    },
  },
  {
    name: 'files of notifications',
    share: 0.05,
    examples: [
      'to,name,notification,channel\r\n+44 7700 900123,"Ada, of \'X\'",d,sms\r\n',
      '\uFEFFto;name\n447700900123;=1+1\n;;\n',
      'to\tx\n"a\nb ""c"""\t1',
    ],
    parse: (text) => {
      const read = readFile(text)
      if (read.kind === 'rows') checkRows(read.rows, { notification: 'd', channel: 'sms' }, configured)
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
])
