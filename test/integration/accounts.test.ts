import { spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'

import type { Role } from '@switchboard/contracts'
import { createAccounts } from '@switchboard/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { runScript } from '../support/command-line.ts'
import { chooseOwnPassword, connectConsole } from '../support/console-client.ts'
import type { ConsoleClient, Login } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { givenAccount } from '../support/given-account.ts'
import { signing } from '../support/service.ts'

let service: ConsoleService
beforeAll(async () => {
  service = await startConsoleService()
})
afterAll(() => service[Symbol.asyncDispose]())

const passwordIn = (text: string) => /shown this once: (\S+)/.exec(text)?.[1] ?? ''

/** Does on the machine what works there, and resolves to the password that it tells. */
async function manage(...[request]: Parameters<ConsoleService['manage']>): Promise<string> {
  const { isDone, lines } = await service.manage(request)
  expect({ isDone, lines }).toMatchObject({ isDone: true })
  return passwordIn(lines.join('\n'))
}

let names = 0
const given = (role: Role) => givenAccount(service.redis.client, `${role}-${(names += 1)}`, role)

const logIn = ({ name, password }: Login) => connectConsole(service.url, password, name)
const statusOf = async (client: ConsoleClient) => (await client.get('/audit')).status

/** Whether a page complains that no admin has a name. */
const notice = async (client: ConsoleClient) =>
  (await (await client.get('/alerts')).text()).includes('Nobody is an admin')
/** The others, on the page of the own account. */
const sessionsOf = async (client: ConsoleClient) =>
  [...(await (await client.get('/account')).text()).matchAll(/\/account\/sessions\/([\w-]+)\/end/g)].map(([, id]) => id)
const givenPassword = async (answer: Response) => /data-password>([^<]+)</.exec(await answer.text())?.[1] ?? ''

test('until there is an admin with a name, every page of an admin says so', async () => {
  const nameless = await connectConsole(service.url, service.password, 'Grace')
  expect(await notice(nameless)).toBe(true)
  const viewer = await given('viewer')
  expect(await notice(await logIn(viewer))).toBe(false)
  const { name } = await given('admin')
  await eventually(async () => expect(await notice(nameless)).toBe(false))
  await manage({ act: 'disable', name })
  await eventually(async () => expect(await notice(nameless)).toBe(true))
})

test('an account logs in under its name, in whatever case, with its role; its name is nobody else’s', async () => {
  const ada = await given('responder')
  const page = await (await (await logIn({ ...ada, name: ` ${ada.name.toUpperCase()} ` })).get('/audit')).text()
  expect(page).toContain(`<strong>${ada.name}</strong></a><span>responder</span>`)
  await expect(logIn({ name: ada.name, password: service.password })).rejects.toThrow('401')
  await expect(logIn({ name: 'somebody-else', password: ada.password })).rejects.toThrow('401')
  const again = await service.manage({ act: 'create', name: ada.name.toUpperCase(), role: 'admin' })
  expect(again).toMatchObject({ isDone: false, lines: [`There is an account ${ada.name} already.`] })
  expect(await statusOf(await logIn(ada))).toBe(200)
})

test.for([{ act: 'reset' }, { act: 'disable' }, { act: 'role', role: 'operator' }] as const)(
  '%j ends every session of the account, and of no other',
  async (request) => {
    const [ada, ben] = await Promise.all([given('viewer'), given('viewer')])
    const clients = await Promise.all([ada, ada, ben].map(logIn))
    await manage({ ...request, name: ada.name })
    expect(await Promise.all(clients.map(statusOf))).toEqual([302, 302, 200])
  },
)

test('who is disabled stays out until enabled; after a reset only the new password is right', async () => {
  const ada = await given('viewer')
  await manage({ act: 'disable', name: ada.name })
  await expect(logIn(ada)).rejects.toThrow('401')
  await manage({ act: 'enable', name: ada.name })
  expect(await statusOf(await logIn(ada))).toBe(200)
  const password = await manage({ act: 'reset', name: ada.name })
  await expect(logIn(ada)).rejects.toThrow('401')
  expect(await (await logIn({ ...ada, password })).get('/account')).toMatchObject({ status: 200 })
})

test('with a password that somebody else has made one can do nothing but change it', async () => {
  const name = 'newcomer'
  const password = await manage({ act: 'create', name, role: 'admin' })
  const first = await logIn({ name, password })
  for (const path of ['/', '/audit', '/accounts', '/queues/', '/nothing/here'])
    expect((await first.get(path)).headers.get('location')).toBe('/account')
  expect((await first.get('/live', { accept: '*/*', 'hx-request': 'true' })).status).toBe(403)
  expect((await first.post('/accounts', { name: 'friend', role: 'admin' })).status).toBe(403)
  expect((await first.send('PUT', '/queues/api/queues/outbound-sms/pause')).status).toBe(403)
  const own = await chooseOwnPassword(service.url, { name, password })
  expect((await first.get('/account')).status).toBe(302)
  expect(await statusOf(await logIn({ name, password: own }))).toBe(200)
})

test('the own password changes by who knows it; every other session ends, this one goes on', async () => {
  const ada = await given('viewer')
  const [here, there] = await Promise.all([logIn(ada), logIn(ada)])
  const change = (current: string, next: string, again = next) =>
    here.post('/account/password', { current, next, again })
  expect((await change('not the password', 'another password')).status).toBe(403)
  for (const [next, again] of [
    ['short', 'short'],
    ['another password', 'another passwort'],
    [ada.password, ada.password],
  ])
    expect((await change(ada.password, next ?? '', again)).status).toBe(400)
  expect(await statusOf(there)).toBe(200)
  const changed = await change(ada.password, 'another password')
  expect(changed.status).toBe(303)
  expect(await Promise.all([here, there].map(statusOf))).toEqual([302, 302])
  const cookie = changed.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await here.get('/audit', { cookie })).status).toBe(200)
  await expect(logIn(ada)).rejects.toThrow('401')
  expect(await statusOf(await logIn({ ...ada, password: 'another password' }))).toBe(200)
})

test('one sees where one is logged in, and ends it there; others’ sessions are not to be had', async () => {
  const [ada, ben] = await Promise.all([given('viewer'), given('viewer')])
  const [here, other] = await Promise.all([logIn(ada), logIn(ben)])
  await manage({ act: 'enable', name: ada.name })
  const there = await logIn(ada)
  const [id] = await sessionsOf(here)
  expect((await other.post(`/account/sessions/${id}/end`, {})).status).toBe(404)
  const before = (await sessionsOf(here)).length
  const own = (await sessionsOf(there)).filter((each) => each !== id)
  expect((await here.post(`/account/sessions/${id}/end`, {})).status).toBe(303)
  expect(await sessionsOf(here)).toHaveLength(before - 1)
  expect(own.length).toBeGreaterThan(0)
  await there.post('/logout', {})
  const last = await logIn(ada)
  expect((await last.post('/account/sessions/end', {})).status).toBe(303)
  expect(await Promise.all([here, there, last].map(statusOf))).toEqual([302, 302, 302])
  expect(await statusOf(other)).toBe(200)
})

test('an admin creates accounts, resets, disables, enables and logs them out, but never their own', async () => {
  const admin = await logIn(await given('admin'))
  const created = await admin.post('/accounts', { name: 'Eve@Example.com', role: 'operator' })
  expect(created.headers.get('cache-control')).toBe('no-store')
  const eve = { name: 'eve@example.com', password: await givenPassword(created) }
  expect((await admin.post('/accounts', { name: 'eve@example.com', role: 'admin' })).status).toBe(409)
  const own = { ...eve, password: await chooseOwnPassword(service.url, eve) }
  const path = `/accounts/${encodeURIComponent(eve.name)}`
  const session = await logIn(own)
  await admin.post(`${path}/log-out`, {})
  expect(await statusOf(session)).toBe(302)
  await admin.post(`${path}/disable`, {})
  await expect(logIn(own)).rejects.toThrow('401')
  await admin.post(`${path}/enable`, {})
  const again = await logIn(own)
  expect((await again.get('/accounts')).status).toBe(403)
  await admin.post(`${path}/role`, { role: 'admin' })
  expect((await (await logIn(own)).get('/accounts')).status).toBe(200)
  const password = await givenPassword(await admin.post(`${path}/reset`, {}))
  await expect(logIn(own)).rejects.toThrow('401')
  const back = await logIn({ ...eve, password: await chooseOwnPassword(service.url, { ...eve, password }) })
  for (const act of ['disable', 'reset', 'log-out', 'role'])
    expect((await back.post(`${path}/${act}`, { role: 'viewer' })).status).toBe(409)
  expect((await admin.post('/accounts/nobody/disable', {})).status).toBe(404)
})

test('a page that is open closes when the account is disabled', async () => {
  const ada = await given('viewer')
  const stream = await fetch(`${service.url}/live`, { headers: (await logIn(ada)).headers })
  await manage({ act: 'disable', name: ada.name })
  // Ends by itself.
  expect(await stream.text()).toContain('data: ')
})

test('the trail says who did what, from where, and names no password', async () => {
  const name = 'traced'
  const first = { name, password: await manage({ act: 'create', name, role: 'operator' }) }
  const ada = { name, password: await chooseOwnPassword(service.url, first) }
  await logIn(ada)
  await manage({ act: 'role', name: ada.name, role: 'viewer' })
  const admin = await connectConsole(service.url, service.password, 'Grace')
  await eventually(async () => {
    const lines = (await (await admin.get('/audit/export')).text()).trim().split('\n').slice(1)
    const entries = lines.map((line) => JSON.parse(line))
    const machine = { who: userInfo().username, kind: 'somebody', via: 'machine', target: ada.name }
    const own = { who: ada.name, kind: 'account', via: 'console' }
    expect(entries.filter(({ who, target }) => [who, target].includes(ada.name))).toMatchObject([
      { ...machine, action: 'account.create', detail: 'operator' },
      { ...own, action: 'login', target: 'operator' },
      { ...own, action: 'account.password', target: ada.name },
      { ...own, action: 'login', target: 'operator' },
      { ...machine, action: 'account.role', detail: 'viewer' },
    ])
    expect(entries).toContainEqual(expect.objectContaining({ who: 'Grace', kind: 'somebody', action: 'login' }))
    for (const { password } of [first, ada]) expect(lines.join('\n')).not.toContain(password)
  })
})

const command = (...words: string[]) =>
  runScript(['accounts', ...words], { REDIS_URL: service.redis.url, VONAGE_APPLICATION_ID: signing.applicationId })

test('the command lists everybody, keeps passwords to itself, and says why something was not done', async () => {
  const ada = await given('operator')
  await logIn(ada)
  const [list, json, noRole, noName, unknown] = await Promise.all([
    command('list'),
    command('list', '--json'),
    command('create', 'eve', '--role', 'king'),
    command('create', 'Eve Adams', '--role', 'viewer'),
    command('disable', 'nobody'),
  ])
  expect(list.stdout).toMatch(new RegExp(`${ada.name} +operator +last login 20`))
  const { accounts } = JSON.parse(json.stdout)
  expect(Object.keys(accounts[0])).toEqual([
    'name',
    'role',
    'createdAt',
    'lastLoginAt',
    'hasSecondFactor',
    'isDisabled',
  ])
  expect(noRole).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('viewer, responder') })
  expect(noName).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('must be up to 60 letters') })
  expect(unknown).toMatchObject({ exitCode: 1, stderr: 'There is no account nobody.\n' })
})

test('works where there are no development tools', async () => {
  const script = 'services/console/src/accounts/main.ts'
  const words = [script, 'create', 'bare', '--role', 'admin']
  const { status, stdout } = spawnSync(process.execPath, words, { env: service.environment, encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('bare may log in as admin') })
  expect((await (await logIn({ name: 'bare', password: passwordIn(stdout) })).get('/account')).status).toBe(200)
})

test('the command leaves alone what belongs to another Vonage application, and says whose it is', async () => {
  const { redis } = service
  const create = (VONAGE_APPLICATION_ID?: string) =>
    runScript(['accounts', 'create', 'mallory', '--role', 'admin'], {
      REDIS_URL: redis.url,
      ...(VONAGE_APPLICATION_ID === undefined ? {} : { VONAGE_APPLICATION_ID }),
    })
  const [foreign, unsaid] = await Promise.all([create('ffffffff-bbbb-4ccc-8ddd-0123456789ab'), create('')])
  for (const { exitCode, stderr } of [foreign, unsaid]) {
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`holds the data of the Vonage application ${signing.applicationId}`)
  }
  expect(await createAccounts(redis.client).get('mallory')).toBeUndefined()
})
