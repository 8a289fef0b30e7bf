import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { createVonageClient, parseInbound } from '@switchboard/vonage'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { testMessage } from '../packages/vonage/src/testing/stub-vonage.ts'
import { credentials, startRig, type Rig } from '../services/simulator/src/testing/start.ts'
import { heard, PAGE_PERSON, PERSON, senders, sent } from './support/vonage-bodies.ts'
import { callRows } from './support/vonage-call-rows.ts'
import { dispatchRows, smsRows, statusRows, type Row } from './support/vonage-rows.ts'

const page = readFileSync(join(import.meta.dirname, '../docs/vonage.md'), 'utf8')

/** What docs/vonage.md says of a section: which columns of each row are ticked. */
function tableOf(heading: string): [string, string[]][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = [...section.matchAll(/^\| (.+?) \| (.) \| (.) \| (.) \|$/gm)]
  return rows.map(([, name = '', ...cells]) => [name, columns.filter((_column, index) => cells[index] === '✓')])
}
const columns = ['understood', 'sent', 'simulated'] as const

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.world.account.change({ enforceWindows: false })
  rig.application.received.length = 0
})

const client = (more: object = {}) =>
  createVonageClient({
    apiUrl: rig.url,
    restUrl: rig.url,
    ...credentials,
    messagesVersion: 'v1',
    smsApi: 'messages',
    senders: { ...senders, voice: senders.sms },
    ...more,
  })

const sentRows = Object.fromEntries(
  Object.entries(sent).map(([name, { body, ours }]): [string, Row] => [
    name,
    {
      ...(ours && {
        sent: async () => {
          await using vonage = await client()
          const message = testMessage({ channel: body.channel, to: body.to, text: 'Hello', ...ours })
          const { messageUuids } = await vonage.send(message)
          await arrival(messageUuids[0])
          const [request] = rig.world.log.list()
          expect(JSON.parse(request?.body ?? '')).toMatchObject({
            channel: body.channel,
            message_type: body.message_type,
          })
        },
      }),
      simulated: async () => {
        const { status, body: answer } = await rig.vonage('POST', '/v1/messages', body)
        expect(status).toBe(202)
        await arrival(answer.message_uuid)
      },
    },
  ]),
)
const heardRows = Object.fromEntries(
  Object.entries(heard).map(([name, { body, member, ...given }]): [string, Row] => [
    name,
    {
      understood: async () => expect(parseInbound(body, Date.now()).kind).toBe('parsed'),
      ...('phone' in given &&
        given.phone && {
          simulated: async () => {
            const address = body.channel === 'messenger' ? PAGE_PERSON : PERSON
            await rig.control('POST', `/phones/${body.channel}/${address}/messages`, given.phone)
            const webhook = await rig.application.next(({ path }) => path === '/webhooks/inbound')
            const { channel, message_type, to, from } = body
            expect(webhook.body).toMatchObject({ channel, message_type, to, from, ...member })
            expect(parseInbound(webhook.body, Date.now()).kind).toBe('parsed')
          },
        }),
    },
  ]),
)
const arrival = (uuid: unknown) =>
  rig.application.next(({ body }) => body.message_uuid === uuid && body.status === 'delivered')

describe.each([
  ['Messages API: what is sent', sentRows],
  ['Messages API: what people send', heardRows],
  ['Messages API: statuses', statusRows],
  ['SMS API', smsRows],
  ['Dispatch', dispatchRows],
  ['Voice', callRows],
] as const)('%s', (heading, rows) => {
  const table = tableOf(heading)

  test('what the page ticks is what is tried, and nothing else', () => {
    const tried = Object.entries(rows).map(([name, row]) => [name, columns.filter((column) => row[column])])
    expect(Object.fromEntries(table)).toEqual(Object.fromEntries(tried))
  })

  const checks = Object.entries(rows).flatMap(([name, row]) =>
    columns.flatMap((column) => {
      const check = row[column]
      return check ? [[name, column, check] as const] : []
    }),
  )
  test.each(checks)('%s is %s', async (_name, _column, check) => {
    await check({ rig, client })
  })
})
