import { randomUUID } from 'node:crypto'

import { beforeAll, expect, inject, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

let simulator: Simulator
let ada: ConsoleClient
beforeAll(async () => {
  const stack = inject('stack')
  simulator = connectSimulator(stack.simulator)
  ada = await connectConsole(stack.console, stack.consolePassword)
})

/** Loads a file and resolves to where it can be looked at. */
async function upload(csv: string, label = `Mailing ${randomUUID()}`): Promise<string> {
  const response = await ada.post('/mailings', { label, notification: 'parcel', channel: 'sms', csv })
  expect(response.status).toBe(303)
  return response.headers.get('location') ?? ''
}

const textOf = async (path: string) => (await ada.get(path)).text()

test('a file is looked at, sent once however often it is asked for, and followed row by row', async () => {
  const [first, second, out] = [simulator.phone('sms'), simulator.phone('sms'), simulator.phone('sms')]
  await out.sends('STOP')
  await out.expects(/You will not receive any more messages/)
  const csv = [
    'to,name',
    `+${first.address},Ada`,
    `${second.address},"Bob, ""the"" 🙂"`,
    `${first.address},Ada again`,
    `${out.address},Eve`,
  ].join('\r\n')
  const label = `Parcels ${randomUUID()}`
  const preview = await upload(csv, label)
  expect(await upload(csv, label)).toBe(preview)
  const page = await textOf(preview)
  for (const shown of [
    'Hello Ada, your parcel',
    'the same as line 2',
    'opted out: will be suppressed',
    '3 notifications',
  ]) {
    expect([shown, page.includes(shown)]).toEqual([shown, true])
  }
  await first.expectsNothing(500)

  const mailing = preview.replace('/preview', '')
  const answers = await Promise.all([ada.post(`${mailing}/send`, {}), ada.post(`${mailing}/send`, {})])
  expect(answers.map((each) => each.headers.get('location'))).toEqual([mailing, mailing])
  await first.expects('Hello Ada, your parcel comes at noon.')
  await second.expects('Hello Bob, "the" 🙂, your parcel')
  await second.sends('2')
  await second.expects('picking option 2')
  expect((await ada.post(`${mailing}/send`, {})).headers.get('location')).toBe(mailing)
  await first.expectsNothing(800)
  const rows = await eventually(async () => {
    const file = (await textOf(`${mailing}/outcomes.csv`)).trim().split('\r\n')
    expect(file.map((row) => row.split(',').slice(0, 8).join(','))).toEqual([
      'line,to,channel,notification,outcome,message,reason,choice',
      `2,${first.address},sms,parcel,sent,delivered,,`,
      `3,${second.address},sms,parcel,sent,delivered,,later`,
      `5,${out.address},sms,parcel,suppressed,suppressed,opted-out,`,
    ])
    return file
  })
  const shown = await textOf(mailing)
  for (const row of rows.slice(1)) expect(shown.includes(`/notifications/${row.split(',').at(-1)}`)).toBe(true)
  expect(shown.includes('opted out')).toBe(true)
})

test('nothing is sent of a file that is wrong, and each wrong row says which column', async () => {
  const phone = simulator.phone('sms')
  const preview = await upload(`to,name\n${phone.address},Ada\n12,Bob\n`)
  const page = await textOf(preview)
  expect([page.includes('One row is wrong.'), page.includes('<strong>to</strong>'), page.includes('/send"')]).toEqual([
    true,
    true,
    false,
  ])
  const refused = await ada.post(`${preview.replace('/preview', '')}/send`, {})
  expect(refused.headers.get('location')).toBe(preview)
  await phone.expectsNothing(500)
})

test('what is no file says why, and a page of a thousand rows stays small', async () => {
  const refused = await ada.post('/mailings', { label: 'x', notification: 'parcel', csv: 'a,b\n1,2' })
  expect([refused.status, (await refused.text()).includes('no column &quot;to&quot;')]).toEqual([422, true])
  const rows = Array.from(
    { length: 1_000 },
    (_, index) => `44770090${String(index).padStart(4, '0')},${'名'.repeat(250)}`,
  )
  const preview = await upload(`to,name\n${rows.join('\n')}`)
  expect((await textOf(preview)).length).toBeLessThan(60_000)
})
