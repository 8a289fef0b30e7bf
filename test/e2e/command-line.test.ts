import { beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { createCommandLine, runScript } from '../support/command-line.ts'
import type { Finished } from '../support/command-line.ts'
import { eventually, inThreeTries } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

const switchboard = createCommandLine(inject('stack'))
let simulator: Simulator
let alerts: AlertClient
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  alerts = createAlertClient(inject('stack'))
})

/** An alert that Tony has, on the first of two phones. */
async function givenAlert(text: string) {
  const phones = [simulator.phone('sms'), simulator.phone('sms')]
  const id = await alerts.start([{ name: 'Tony', phones }], text)
  const { code } = await alerts.until(id, 'Tony/sms')
  return { id, code, phone: phones[0]! }
}

/** With --json, stdout is one document and stderr is empty, whatever comes of it. */
function readJson({ stdout, stderr }: Finished): unknown {
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

// Beside each other: they wait for processes that start.
test.concurrent('a token is made, used, seen, and revoked', async () => {
  const name = `ci-${Date.now()}`
  const made = await switchboard('tokens', 'create', name, '--scope', 'alerts:read', '--expires', '30')
  expect(made).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^Shown this once: .*alerts:read\n$/) })
  const own = createCommandLine({ ...inject('stack'), apiToken: made.stdout.trim() })
  expect(await own('alerts')).toMatchObject({ exitCode: 0 })
  expect(await own('tokens', 'list')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('tokens:read') })
  const listed = await switchboard('tokens', 'list')
  expect(listed.stdout).toMatch(new RegExp(`^${name} .* used 20.* alerts:read$`, 'm'))
  const again = await switchboard('tokens', 'create', name, '--scope', 'alerts:read,people:read')
  expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('revoke that one first') })
  expect(await switchboard('tokens', 'revoke', name)).toMatchObject({ exitCode: 0, stdout: `${name} is revoked.\n` })
  expect(await own('alerts')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${name} was revoked`) })
})

describe.concurrent('by its code', () => {
  test('watch shows the walk until somebody replies', async () => {
    const { code, phone } = await givenAlert('Disk full')
    const watching = switchboard('watch', code.toLowerCase())
    await watching.prints('→ Tony on sms')
    await phone.expects(/Disk full/)
    await phone.sends(code)
    expect(await watching).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Tony has seen it (sms, reply).'),
    })
  })

  test('acknowledge says who has it, and a second one that it was seen before', async () => {
    const { code } = await givenAlert('to acknowledge')
    expect(await switchboard('acknowledge', code, '--by', 'Ann')).toEqual({
      exitCode: 0,
      stdout: `Acknowledged ${code} as Ann.\n`,
      stderr: '',
    })
    const second = await switchboard('acknowledge', code, '--by', 'Bob')
    expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Already seen by Ann \(api\) at /) })
  })

  test('cancel ends the walk; of an alert that was seen it says by whom', async () => {
    const [dropped, seen] = await Promise.all([givenAlert('dropped'), givenAlert('seen')])
    expect(await switchboard('cancel', dropped.code)).toMatchObject({
      exitCode: 0,
      stdout: `Cancelled ${dropped.code}.\n`,
    })
    expect((await alerts.until(dropped.id, 'cancelled')).attendedBy).toBeNull()
    const again = await switchboard('cancel', dropped.id)
    expect(again.stdout).toMatch(new RegExp(`^${dropped.code} was cancelled already at `))

    await seen.phone.expects(/seen/)
    await seen.phone.sends('on my way')
    await alerts.until(seen.id, 'attended')
    const { stdout } = await switchboard('cancel', seen.code)
    expect(stdout).toMatch(/^Already seen by Tony \(sms, reply\) at \d\d:\d\d:\d\d\.\n$/)
  })

  test('alerts lists the open ones', async () => {
    const { id, code } = await givenAlert('to be listed')
    const { stdout } = await switchboard('alerts')
    expect(stdout).toMatch(new RegExp(`^  ${code} +${id}  Tony on sms  to be listed$`, 'm'))
    await switchboard('cancel', code)
  })
})

describe.concurrent('what a responder can do', () => {
  test('pass, note, hand over, put off and end, each with what came of it', async () => {
    const [tony, ann] = [
      [simulator.phone('sms'), simulator.phone('sms')],
      [simulator.phone('sms'), simulator.phone('sms')],
    ]
    const people = [
      { name: 'Tony', phones: tony },
      { name: 'Ann', phones: ann },
    ]
    const id = await alerts.start(people, 'Pump stopped')
    const { code } = await alerts.until(id, 'Tony/sms')
    await tony[0]!.expects(/Pump stopped/)

    expect(await switchboard('pass', code, '--by', 'Tony')).toMatchObject({
      exitCode: 0,
      stdout: 'Passed on: the next person is asked now.\n',
    })
    await ann[0]!.expects(/Pump stopped/)
    expect((await switchboard('note', code, 'the spare is in hall 2', '--by', 'Eve')).stdout).toBe('Noted.\n')
    expect((await switchboard('hand-over', code, 'Tony', '--by', 'Ann')).stdout).toMatch(/^Handed over/)
    await alerts.until(id, 'Tony/sms')
    const unknown = await switchboard('hand-over', code, 'Nobody')
    expect(unknown).toMatchObject({ exitCode: 1, stderr: 'Not done: nobody on its list has this name.\n' })
    expect((await switchboard('snooze', code, '10', '--by', 'Tony')).stdout).toBe('Put off.\n')
    expect(readJson(await switchboard('resolve', code, '--by', 'Ann', '--json'))).toEqual({ id, outcome: 'resolved' })
    const over = await switchboard('snooze', code, '10')
    expect(over).toMatchObject({ exitCode: 1, stderr: 'Not done: it is over.\n' })

    expect(await alerts.story(id)).toEqual(expect.arrayContaining([expect.stringMatching(/^contacting Ann sms/)]))
    const { timeline } = await alerts.until(id, 'cancelled')
    expect(JSON.stringify(timeline)).toContain('the spare is in hall 2')
  })
})

test.concurrent('Ctrl-C ends the watching, never the walk', async () => {
  const { id, code } = await givenAlert('watched')
  const watching = switchboard('watch', id)
  await watching.prints('→ Tony on sms')
  watching.interrupt()
  const { exitCode, stderr } = await watching
  expect(exitCode).toBe(130)
  expect(stderr).toContain(`npm run switchboard -- watch ${code}`)
  expect(await alerts.get(`/api/alerts/${id}`)).toMatchObject({ state: 'walking' })
  await switchboard('cancel', id)
})

describe.concurrent('--json is only JSON', () => {
  const started = z.object({ id: z.string() })

  test('of every command', async () => {
    const phones = [simulator.phone('sms'), simulator.phone('sms')]
    const users = phones.map(({ address }) => ({ type: 'sms', id_num: address }))
    const body = { users: [{ name: 'Tony', channels: users }], text: 'x' }
    const { id } = started.parse(await alerts.post('/api/alerts', body))
    expect(readJson(await switchboard('alerts', '--json'))).toMatchObject({ alerts: expect.any(Array) })
    const watching = switchboard('watch', id, '--json')
    expect(readJson(await switchboard('acknowledge', id, '--by', 'Ann', '--json'))).toMatchObject({
      id,
      state: 'attended',
    })
    const watched = await watching
    expect(readJson(watched)).toMatchObject({
      id,
      state: 'attended',
      attendedBy: { user: 'Ann' },
      users: [{ name: 'Tony' }],
    })
    expect(readJson(await switchboard('--json', 'cancel', id))).toMatchObject({ id, state: 'attended' })
    expect(readJson(await switchboard('help', 'watch', '--json'))).toEqual({
      text: expect.stringContaining('Exit status'),
    })
    expect(readJson(await switchboard('--version', '--json'))).toEqual({
      text: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
  })

  test('also of an alert that is started and waited for, warnings and all', async () => {
    const run = switchboard('alert', '--policy', 'oncall', '--text', 'all of it', '--json')
    await eventually(async () => expect(await codeOf('all of it')).toBeDefined())
    await switchboard('cancel', (await codeOf('all of it'))!)
    const finished = await run
    expect(finished.exitCode).toBe(3)
    expect(readJson(finished)).toMatchObject({ state: 'cancelled', text: 'all of it', warnings: expect.any(Array) })
  })

  test.each([
    [['watch', 'A0'], { status: 404, title: 'Unknown alert', detail: 'There is no alert A0.' }],
    [['alert', '--policy', 'nobody', '--text', ' x'], { status: 422, errors: [{ field: 'policy' }] }],
    [['alerts', '--token', 'wrong'], { status: 401, title: 'Not authorised' }],
  ])('problems as well: %j', async (words, problem) => {
    const { ingress, apiToken } = inject('stack')
    const given = words.includes('--token') ? [] : ['--token', apiToken]
    const finished = await runScript([...words, '--json', '--url', ingress, ...given])
    expect(finished.exitCode).toBe(1)
    expect(readJson(finished)).toMatchObject({ type: 'about:blank', ...problem })
  })
})

// Alone: it measures.
test('an unknown alert is told at once', inThreeTries, async () => {
  const since = performance.now()
  await switchboard('alerts')
  const usualMs = performance.now() - since
  for (const words of [
    ['watch', 'A0'],
    ['watch', 'alert-unknown'],
    ['cancel', 'A0'],
    ['acknowledge', 'alert-unknown'],
  ]) {
    const startedAt = performance.now()
    const { exitCode, stdout, stderr } = await switchboard(...words)
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `There is no alert ${words[1]}.\n`,
    })
    expect(performance.now() - startedAt).toBeLessThan(4 * usualMs + 10_000)
  }
})

const listed = z.object({ alerts: z.array(z.object({ code: z.string(), text: z.string() })) })

async function codeOf(text: string): Promise<string | undefined> {
  const { alerts: open } = listed.parse(await alerts.get('/api/alerts?limit=100'))
  return open.find((alert) => alert.text === text)?.code
}
