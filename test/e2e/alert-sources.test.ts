import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { createCommandLine } from '../support/command-line.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

let simulator: Simulator
const runSwitchboard = createCommandLine(inject('stack'))
const folder = mkdtempSync(join(tmpdir(), 'switchboard-cli-'))
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const from = { MESSENGER: '100000001', VIBER: 'Switchboard', WHATSAPP: '447700900001', SMS: '447700900000' }

test("the tutorial's configuration runs as it is, and the terminal shows the walk until somebody reads it", async () => {
  const tony = simulator.phone('messenger')
  const michael = simulator.phone('whatsapp')
  for (const phone of [tony, michael]) await phone.sends('hello')
  await tony.turns({ roaming: true })
  const config = writeConfig({
    APP: { APP_ID: 'abcd1234-8238-42d0-a03a-abcd1234', PRIVATE_KEY: 'private.key' },
    FROM: from,
    USERS: [
      {
        name: 'Tony',
        channels: [
          { type: 'messenger', id_num: tony.address, expiry_time: '600', condition_status: 'read' },
          { type: 'sms', id_num: simulator.phone('sms').address },
        ],
        final_wait: '1',
      },
      {
        name: 'Michael',
        channels: [
          { type: 'whatsapp', id_num: michael.address },
          { type: 'viber_service_msg', id_num: michael.address },
        ],
      },
    ],
  })
  const run = runSwitchboard('alert', '--config', config, '--text', 'Main server down')
  await michael.expects('Main server down')
  await michael.reads()
  const { exitCode, stdout } = await run
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(
    /→ Tony on messenger[^]+rejected[^]+→ Tony on sms[^]+not seen in time[^]+→ Michael on whatsapp/,
  )
  expect(stdout).toMatch(/Michael has seen it \(whatsapp, read\)/)
})

test('nobody sees it: exit status 2', async () => {
  const phones = [simulator.phone('sms'), simulator.phone('sms')]
  for (const phone of phones) await phone.turns({ roaming: true })
  const channels = phones.map(({ address }) => ({ type: 'sms', id_num: address }))
  const config = writeConfig({ FROM: from, USERS: [{ name: 'Tony', channels }] })
  const { exitCode, stdout } = await runSwitchboard('alert', '--config', config, '--text', 'Disk full')
  expect(stdout).toMatch(/Nobody has seen it/)
  expect(exitCode).toBe(2)
})

test('what is wrong with a configuration is said all at once, by path', async () => {
  const config = writeConfig({
    FROM: { SMS: '447700900000' },
    USERS: [
      { name: 'Tony', channels: [{ type: 'messenger', id_num: '9000000001', expiry_time: 'soon' }] },
      {
        name: 'tony',
        channels: [
          { type: 'fax', id_num: '1' },
          { type: 'sms', id_num: '12', condition_status: 'seen' },
        ],
      },
    ],
  })
  const { exitCode, stderr } = await runSwitchboard('alert', '--config', config, '--text', 'x')
  expect(exitCode).toBe(1)
  for (const path of [
    'USERS[0].channels: ',
    'USERS[0].channels[0].type: there is no sender for messenger',
    'USERS[0].channels[0].expiry_time: ',
    'USERS[1].name: duplicate',
    'USERS[1].channels[0].type: unknown channel',
    'USERS[1].channels[1].condition_status: ',
  ]) {
    expect(stderr).toContain(path)
  }
})

test('Alertmanager: a group that fires is one alert until it is resolved', async () => {
  const { ingress, apiToken } = inject('stack')
  const post = async (body: object) => {
    const answer = await fetch(`${ingress}/api/alerts/alertmanager/oncall`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ version: '4', groupKey: `{}:{alertname="Latency ${folder}"}`, alerts: [], ...body }),
    })
    expect(answer.status).toBe(202)
    return (await answer.json()) as { id: string; outcome: string }
  }
  const first = await post({ status: 'firing', commonLabels: { alertname: 'Latency' } })
  expect(first.outcome).toBe('started')
  expect(await post({ status: 'firing' })).toEqual({ id: first.id, outcome: 'joined' })
  await expect.poll(() => post({ status: 'firing' })).toEqual({ id: first.id, outcome: 'joined' })
  expect(await post({ status: 'resolved' })).toEqual({ id: first.id, outcome: 'ended' })
  const read = async () =>
    (
      await fetch(`${ingress}/api/alerts/${first.id}`, { headers: { authorization: `Bearer ${apiToken}` } })
    ).json() as Promise<{ state: string }>
  await expect.poll(read).toMatchObject({ state: 'cancelled' })
  expect((await post({ status: 'firing' })).outcome).toBe('started')
  expect((await post({ status: 'resolved' })).outcome).toBe('ended')
})

function writeConfig(config: object): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.json`)
  writeFileSync(path, JSON.stringify(config))
  return path
}
