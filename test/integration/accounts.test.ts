import { spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'

import type { Role } from '@switchboard/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { runScript } from '../support/command-line.ts'
import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'

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
async function givenAccount(role: Role) {
  const name = `${role}-${(names += 1)}`
  return { name, password: await manage({ act: 'create', name, role }) }
}

const logIn = ({ name, password }: { name: string; password: string }) => connectConsole(service.url, password, name)
const statusOf = async (client: ConsoleClient) => (await client.get('/audit')).status

test('an account logs in under its name, in whatever case, with its role; its name is nobody else’s', async () => {
  const ada = await givenAccount('responder')
  const page = await (await (await logIn({ ...ada, name: ` ${ada.name.toUpperCase()} ` })).get('/audit')).text()
  expect(page).toContain(`<strong>${ada.name}</strong><span>responder</span>`)
  await expect(logIn({ name: ada.name, password: service.password })).rejects.toThrow('401')
  await expect(logIn({ name: 'somebody-else', password: ada.password })).rejects.toThrow('401')
  const again = await service.manage({ act: 'create', name: ada.name.toUpperCase(), role: 'admin' })
  expect(again).toMatchObject({ isDone: false, lines: [`There is an account ${ada.name} already.`] })
  expect(await statusOf(await logIn(ada))).toBe(200)
})

test.for([{ act: 'reset' }, { act: 'disable' }, { act: 'role', role: 'operator' }] as const)(
  '%j ends every session of the account, and of no other',
  async (request) => {
    const [ada, ben] = await Promise.all([givenAccount('viewer'), givenAccount('viewer')])
    const clients = await Promise.all([ada, ada, ben].map(logIn))
    await manage({ ...request, name: ada.name })
    expect(await Promise.all(clients.map(statusOf))).toEqual([302, 302, 200])
  },
)

test('who is disabled stays out until enabled; after a reset only the new password is right', async () => {
  const ada = await givenAccount('viewer')
  await manage({ act: 'disable', name: ada.name })
  await expect(logIn(ada)).rejects.toThrow('401')
  await manage({ act: 'enable', name: ada.name })
  expect(await statusOf(await logIn(ada))).toBe(200)
  const password = await manage({ act: 'reset', name: ada.name })
  await expect(logIn(ada)).rejects.toThrow('401')
  expect(await statusOf(await logIn({ ...ada, password }))).toBe(200)
})

test('a page that is open closes when the account is disabled', async () => {
  const ada = await givenAccount('viewer')
  const stream = await fetch(`${service.url}/live`, { headers: (await logIn(ada)).headers })
  await manage({ act: 'disable', name: ada.name })
  // Ends by itself.
  expect(await stream.text()).toContain('data: ')
})

test('the trail says who did what, from where, and names no password', async () => {
  const ada = await givenAccount('operator')
  await logIn(ada)
  await manage({ act: 'role', name: ada.name, role: 'viewer' })
  const admin = await connectConsole(service.url, service.password, 'Grace')
  await eventually(async () => {
    const lines = (await (await admin.get('/audit/export')).text()).trim().split('\n').slice(1)
    const entries = lines.map((line) => JSON.parse(line))
    const machine = { who: userInfo().username, kind: 'somebody', via: 'machine', target: ada.name }
    expect(entries.filter(({ who, target }) => [who, target].includes(ada.name))).toMatchObject([
      { ...machine, action: 'account.create', detail: 'operator' },
      { who: ada.name, kind: 'account', via: 'console', action: 'login', target: 'operator' },
      { ...machine, action: 'account.role', detail: 'viewer' },
    ])
    expect(entries.filter(({ who }) => who === 'Grace')).toMatchObject([{ kind: 'somebody', action: 'login' }])
    expect(lines.join('\n')).not.toContain(ada.password)
  })
})

const command = (...words: string[]) => runScript(['accounts', ...words], { REDIS_URL: service.redis.url })

test('the command lists everybody, keeps passwords to itself, and says why something was not done', async () => {
  const ada = await givenAccount('operator')
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
  expect(Object.keys(accounts[0])).toEqual(['name', 'role', 'createdAt', 'lastLoginAt', 'isDisabled'])
  expect(noRole).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('viewer, responder') })
  expect(noName).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('must be up to 60 letters') })
  expect(unknown).toMatchObject({ exitCode: 1, stderr: 'There is no account nobody.\n' })
})

test('works where there are no development tools', async () => {
  const script = 'services/console/src/accounts/main.ts'
  const words = [script, 'create', 'bare', '--role', 'admin']
  const { status, stdout } = spawnSync(process.execPath, words, { env: service.environment, encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('bare may log in as admin') })
  expect(await statusOf(await logIn({ name: 'bare', password: passwordIn(stdout) }))).toBe(200)
})
