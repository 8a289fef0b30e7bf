import { describe, expect, test } from 'vitest'

import { credentialsProblem, dispatchProblem, dispatchStatusBody, finalReportBody } from './dispatch-answers.ts'
import { buildWorkflow } from './dispatch.ts'
import type { DispatchStep } from './dispatch.ts'
import { NotAcceptedError } from './outcome.ts'
import { createWebhookPoster } from './post-webhook.ts'
import { dispatchWorkflow } from './read-workflow.ts'
import { json, startStub } from './testing/stub-vonage.ts'
import { parseStatus } from './webhooks/parse-status.ts'

const senders = { messenger: 'from_messenger', viber_service: 'from_viber', sms: 'from_sms' }
const text = 'This is sent using the Dispatch API'
const to = '447700900010'

/** The workflow that the multi-user failover tutorial builds, but for the number instead of its "600". */
const seed = {
  template: 'failover',
  workflow: [
    {
      from: { type: 'messenger', id: 'from_messenger' },
      to: { type: 'messenger', id: to },
      message: { content: { type: 'text', text } },
      failover: { expiry_time: 600, condition_status: 'read' },
    },
    {
      from: { type: 'viber_service_msg', id: 'from_viber' },
      to: { type: 'viber_service_msg', number: to },
      message: { content: { type: 'text', text } },
      failover: { expiry_time: 600, condition_status: 'read' },
    },
    {
      from: { type: 'sms', number: 'from_sms' },
      to: { type: 'sms', number: to },
      message: { content: { type: 'text', text } },
    },
  ],
}

describe('buildWorkflow', () => {
  const channels = ['messenger', 'viber_service', 'sms'] as const

  test('builds the workflow of the seed', () => {
    const steps = channels.map((channel) => ({ channel, to, text }))
    expect(buildWorkflow({ senders, steps })).toEqual(seed)
  })

  test.each([
    [300, 300],
    [1, 15],
    [100_000, 86_400],
    [15.4, 15],
  ])('%d s become %d s', (expirySeconds, expiry_time) => {
    const steps = channels.map((channel) => ({ channel, to, text, expirySeconds, condition: 'delivered' as const }))
    const failover = { expiry_time, condition_status: 'delivered' }
    const workflow = buildWorkflow({ senders, steps }).workflow.map((message) => message.failover)
    expect(workflow).toEqual([failover, failover, undefined])
  })

  test('refuses a channel without a sender', () => {
    const steps = [{ channel: 'whatsapp' as const, to, text }]
    expect(() => buildWorkflow({ senders, steps })).toThrow(NotAcceptedError)
  })
})

function templateWorkflow(parameters: unknown[]) {
  return {
    template: 'failover',
    workflow: [
      {
        from: { type: 'whatsapp', number: '1' },
        to: { type: 'whatsapp', number: to },
        message: {
          content: { type: 'template', template: { name: 'a:b', parameters } },
          whatsapp: { policy: 'deterministic', locale: 'en_GB' },
        },
        client_ref: 'mine',
      },
    ],
  }
}

describe('dispatchWorkflow', () => {
  const steps = [
    { channel: 'messenger', from: 'from_messenger', to, text, expirySeconds: 600, condition: 'read' },
    { channel: 'viber_service', from: 'from_viber', to, text, expirySeconds: 600, condition: 'read' },
    { channel: 'sms', from: 'from_sms', to, text },
  ]

  test('reads the workflow of the seed, numeric strings and both spellings', () => {
    const strings = JSON.stringify(seed).replaceAll(':600', ':"600"')
    for (const body of [JSON.stringify(seed), strings, strings.replaceAll('service_msg', 'service')]) {
      expect(dispatchWorkflow.parse(JSON.parse(body))).toEqual({ steps })
    }
  })

  test('reads a WhatsApp template of either parameter shape', () => {
    for (const parameters of [
      ['x', 'y'],
      [{ default: 'x' }, { default: 'y' }],
    ]) {
      expect(dispatchWorkflow.parse(templateWorkflow(parameters)).steps).toEqual([
        {
          channel: 'whatsapp',
          from: '1',
          to,
          text: '[template a:b]',
          content: { type: 'template', template: { name: 'a:b', locale: 'en_GB', parameters: ['x', 'y'] } },
          clientRef: 'mine',
        },
      ])
    }
  })

  const url = 'https://example.com/a'
  const custom = { type: 'location', location: { latitude: 1, longitude: 2 } }
  const viber = { type: 'viber_service_msg', number: to }
  const whatsapp = { type: 'whatsapp', number: to }
  const messenger = { type: 'messenger', id: to }
  const action = { url, text: 'Look' }
  test.each<[object, object, object]>([
    [
      whatsapp,
      { content: { type: 'image', image: { url, caption: 'c' } } },
      { text: 'c', content: { type: 'image', url, caption: 'c' } },
    ],
    [whatsapp, { content: { type: 'audio', audio: { url } } }, { text: '[audio]', content: { type: 'audio', url } }],
    [
      whatsapp,
      { content: { type: 'file', file: { url, name: 'n' } } },
      { text: '[file]', content: { type: 'file', url, name: 'n' } },
    ],
    [whatsapp, { content: { type: 'custom', custom } }, { text: '[custom]', content: { type: 'custom', custom } }],
    [messenger, { content: { type: 'video', video: { url } } }, { text: '[video]', content: { type: 'video', url } }],
    [
      messenger,
      { content: { type: 'text', text }, messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
      { text, options: { messengerTag: 'ACCOUNT_UPDATE' } },
    ],
    [
      messenger,
      { content: { type: 'text', text }, messenger: { category: 'update' } },
      { text, options: { messengerCategory: 'update' } },
    ],
    [
      viber,
      {
        content: { type: 'video', video: { url, caption: 'c', thumb_url: url } },
        viber_service_msg: { category: 'promotion', ttl: '60', type: 'template', duration: '30', file_size: 5, action },
      },
      {
        text: 'c',
        content: { type: 'video', url, caption: 'c', thumbUrl: url, durationSeconds: 30, megabytes: 5 },
        options: { ttlSeconds: 60, viberCategory: 'promotion', viberType: 'template', viberButton: action },
      },
    ],
  ])('drops nothing: %j %j', (address, message, expected) => {
    const from = { ...address, number: '1', id: '1' }
    const item = { from, to: address, message, client_ref: 'mine' }
    const [step] = dispatchWorkflow.parse({ template: 'failover', workflow: [item] }).steps
    expect(step).toMatchObject({ ...expected, clientRef: 'mine' })
  })

  const [first, , last] = structuredClone(seed.workflow)
  const two = (changes: object, lastChanges: object = {}) => ({
    template: 'failover',
    workflow: [
      { ...first, ...changes },
      { ...last, ...lastChanges },
    ],
  })

  test.each<[string, unknown]>([
    ['template', { ...seed, template: 'broadcast' }],
    ['workflow', { template: 'failover' }],
    ['workflow', { template: 'failover', workflow: [] }],
    ['', null],
    ['workflow[0].failover', two({ failover: undefined })],
    ['workflow[1].failover', two({}, { failover: first?.failover })],
    ['workflow[0].failover.expiry_time', two({ failover: { expiry_time: 14, condition_status: 'read' } })],
    ['workflow[0].failover.expiry_time', two({ failover: { expiry_time: '86401', condition_status: 'read' } })],
    ['workflow[0].failover.expiry_time', two({ failover: { expiry_time: '10m', condition_status: 'read' } })],
    ['workflow[0].failover.expiry_time', two({ failover: { condition_status: 'read' } })],
    ['workflow[0].failover.condition_status', two({ failover: { expiry_time: 60, condition_status: 'seen' } })],
    ['workflow[0].from.type', two({ from: { type: 'fax', number: '1' } })],
    ['workflow[0].to.type', two({ to: { type: 'sms', number: to } })],
    ['workflow[0].from.id', two({ from: { type: 'messenger', number: '1' } })],
    ['workflow[1].to.number', two({}, { to: { type: 'sms', number: '123' } })],
    ['workflow[1].to.number', two({}, { to: { type: 'sms' } })],
    ['workflow[0].message.content', two({ message: {} })],
    ['workflow[0].message.content.text', two({ message: { content: { type: 'text' } } })],
    ['workflow[0].message.content.text', two({ message: { content: { type: 'text', text: 'a'.repeat(641) } } })],
    ['workflow[0].message.content.type', two({ message: { content: { type: 'fax' } } })],
    ['workflow[0].message.content.image.url', two({ message: { content: { type: 'image', image: {} } } })],
    ['workflow[0].message.content.image.url', two({ message: { content: { type: 'image', image: { url: 'x' } } } })],
    [
      'workflow[0].message.messenger.tag',
      two({ message: { content: { type: 'text', text }, messenger: { category: 'message_tag' } } }),
    ],
    ['workflow[1].message.content.type', two({}, { message: { content: { type: 'image', image: { url } } } })],
    ['workflow[0].message.content.type', two({ message: { content: { type: 'template', template: { name: 'a' } } } })],
    ['workflow[0].client_ref', two({ client_ref: 'x'.repeat(41) })],
  ])('names %j', (name, body) => {
    const read = dispatchWorkflow.safeParse(body)
    if (read.success) expect.fail('should have been refused')
    const problem = dispatchProblem(read.error, 'trace-1')
    expect(problem).toMatchObject({
      type: expect.stringContaining('#InvalidParams'),
      title: expect.any(String),
      detail: expect.stringContaining(name),
      instance: 'trace-1',
      invalid_parameters: { name, reason: expect.any(String) },
    })
  })
})

describe('webhooks of our own Dispatch', () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

  test('a status is one that we would understand', () => {
    const body = dispatchStatusBody({
      dispatchUuid: 'dispatch-1',
      messageUuid: 'uuid-1',
      channel: 'viber_service',
      from: 'Service',
      to,
      state: 'rejected',
      at,
      error: { code: '1300', reason: 'not there' },
      price: '0.02',
    })
    expect(body).toMatchObject({
      from: { type: 'viber_service_msg', id: 'Service' },
      timestamp: '2026-01-02T03:04:05.678Z',
      error: { code: 1300, reason: 'not there' },
      usage: { price: '0.02', currency: 'EUR' },
    })
    expect(parseStatus(JSON.parse(JSON.stringify(body)), at)).toMatchObject({
      kind: 'parsed',
      value: { dispatchUuid: 'dispatch-1', messageUuid: 'uuid-1', channel: 'viber_service', to, state: 'rejected', at },
    })
  })

  test('so is the final report', () => {
    const messages = [{ messageUuid: 'uuid-1', channel: 'sms' as const, status: 'delivered' }]
    const body = finalReportBody({ dispatchUuid: 'dispatch-1', status: 'completed', at, messages })
    expect(body).toMatchObject({ template: 'failover', timestamp: '2026-01-02T03:04:05.678Z' })
    expect(parseStatus(JSON.parse(JSON.stringify(body)), at)).toMatchObject({
      kind: 'parsed',
      value: { kind: 'dispatch-report', dispatchUuid: 'dispatch-1', status: 'completed', messages },
    })
  })

  test('the 401 has the shape of the others', () => {
    expect(credentialsProblem('trace-1')).toMatchObject({ title: 'You did not provide correct credentials.' })
  })

  test.each([
    [200, undefined],
    [204, undefined],
    [404, 'PermanentError'],
    [429, 'Error'],
    [500, 'Error'],
  ])('posting: %i throws %s', async (status, name) => {
    await using stub = await startStub(json(status, {}))
    await using poster = createWebhookPoster({
      sign: (body) => Promise.resolve(`signed-${body.length}`),
      timeoutMs: 500,
    })
    const posted = poster.post(`${stub.url}/status?x=1`, { a: 'é' }).catch((error: Error) => error.name)
    expect(await posted).toBe(name)
    expect(stub.requests).toMatchObject([{ method: 'POST', path: '/status?x=1', body: '{"a":"é"}' }])
    expect(stub.requests[0]?.headers.authorization).toBe('Bearer signed-10')
  })
})

test('a picture goes with the text where the channel has that, as a link where not, and not with an SMS', () => {
  const media = { type: 'image', url: 'https://example.com/disk.png' } as const
  const steps = (['viber_service', 'messenger', 'sms'] as const).map((channel) => ({ channel, to, text, media }))
  const contents = buildWorkflow({ senders, steps }).workflow.map(({ message }) => message.content)
  expect(contents).toEqual([
    { type: 'image', image: { url: media.url, caption: text } },
    { type: 'text', text: `${text}\n${media.url}` },
    { type: 'text', text },
  ])
})

test('what a channel says instead of a text, and its options, are in the workflow', () => {
  const template = { name: 'ns:alert', locale: 'en_GB', parameters: ['Disk full'] }
  const steps: DispatchStep[] = [
    { channel: 'whatsapp', to, text, content: { type: 'template', template } },
    { channel: 'messenger', to, text, options: { messengerTag: 'ACCOUNT_UPDATE' } },
  ]
  expect(
    buildWorkflow({ senders: { ...senders, whatsapp: '447700900001' }, steps }).workflow.map(({ message }) => message),
  ).toMatchObject([
    {
      content: { type: 'template', template: { name: 'ns:alert', parameters: ['Disk full'] } },
      whatsapp: { locale: 'en_GB' },
    },
    { content: { type: 'text', text }, messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
  ])
})
