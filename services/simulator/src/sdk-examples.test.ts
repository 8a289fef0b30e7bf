import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { Auth } from '@vonage/auth'
import { Messages } from '@vonage/messages'
import { SMS } from '@vonage/sms'
import { Voice } from '@vonage/voice'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { credentials, startRig, type Rig } from './testing/start.ts'

/** Every example in the documentation of Vonage's own packages, as it is printed there. */
interface Example {
  name: string
  program: string
}

const packages = ['messages', 'sms', 'voice'] as const
const CALL = 'CALL_UUID'

function examplesOf(name: (typeof packages)[number]): Example[] {
  const folder = dirname(fileURLToPath(import.meta.resolve(`@vonage/${name}`)))
  const files = globSync('**/*.d.mts', { cwd: folder }).sort()
  return files.flatMap((file) => {
    const comments = readFileSync(join(folder, file), 'utf8').matchAll(/@example[\s\S]*?```ts\n([\s\S]*?)```/g)
    return [...comments].map(([, lines = ''], index) => ({
      name: `${name}/${file.replace('.d.mts', '')} ${index + 1}`,
      program: lines.replaceAll(/^ *\* ?/gm, ''),
    }))
  })
}

let rig: Rig
let callUuid = ''
const ownData = join(import.meta.dirname, '../.data')
mkdirSync(ownData, { recursive: true })
const folder = mkdtempSync(join(ownData, 'sdk-examples-'))
const { fetch: ask } = globalThis

beforeAll(async () => {
  rig = await startRig({ strictSenders: false, enforceWindows: false })
  // Their clients ask Vonage's own addresses; what they name without giving it is filled in.
  vi.stubGlobal('fetch', (url: string | URL, options: RequestInit) => {
    const { hostname, pathname, search } = new URL(url)
    if (!/(nexmo|vonage)\.com$/.test(hostname)) return ask(url, options)
    return ask(`${rig.url}${pathname.replace(CALL, callUuid)}${search}`, options)
  })
  const auth = new Auth(credentials)
  const given = {
    messagesClient: new Messages(auth),
    smsClient: new SMS(auth),
    voiceClient: new Voice(auth),
    TO_NUMBER: '447700900011',
    FROM_NUMBER: '447700900000',
    CALL_UUID: CALL,
    VONAGE_API_KEY: credentials.apiKey,
    VONAGE_API_SECRET: credentials.apiSecret,
    console: { ...console, log: () => {} },
  }
  for (const [name, value] of Object.entries(given)) vi.stubGlobal(name, value)
})
afterAll(async () => {
  vi.unstubAllGlobals()
  rmSync(folder, { recursive: true })
  await rig[Symbol.asyncDispose]()
})
beforeEach(async () => {
  rig.application.answer(({ path }) => ({
    status: 200,
    body: path === '/webhooks/answer' ? [{ action: 'wait' }] : undefined,
  }))
  callUuid = String((await rig.control('POST', '/calls', { from: '447700900010' })).body.uuid)
})

/** Those that do not run, and why; Vonage itself would refuse the refused ones, too. */
const others: Record<string, readonly string[]> = {
  'is no program: it does not parse, or uses what it has not got': [
    'messages/classes/MMS/MMSContent 1',
    'messages/classes/Messenger/MessengerVideo 1',
    'messages/classes/RCS/RCSCustom 1',
    'messages/classes/WhatsApp/WhatsAppCustom 1',
    'messages/classes/WhatsApp/WhatsAppReaction 1',
    'messages/classes/WhatsApp/WhatsAppReaction 2',
    'messages/messages 2',
    'messages/messages 3',
    'sms/sms 1',
    'sms/sms 2',
    'sms/sms 3',
    'sms/sms 4',
    'voice/voice 2',
    'voice/voice 12',
    'voice/voice 13',
    'voice/voice 18',
  ],
  'is refused: something that is required is missing or misspelt': [
    'messages/classes/Viber/ViberImage 1',
    'messages/classes/Viber/ViberVideo 1',
    'messages/classes/WhatsApp/WhatsAppTemplate 1',
    'voice/voice 9',
    'voice/voice 10',
  ],
  'is MMS or RCS, which the simulator does not have': [
    'messages/classes/MMS/MMSAudio 1',
    'messages/classes/MMS/MMSFile 1',
    'messages/classes/MMS/MMSImage 1',
    'messages/classes/MMS/MMSText 1',
    'messages/classes/MMS/MMSVcard 1',
    'messages/classes/MMS/MMSVideo 1',
    'messages/classes/RCS/RCSFile 1',
    'messages/classes/RCS/RCSImage 1',
    'messages/classes/RCS/RCSText 1',
    'messages/classes/RCS/RCSVideo 1',
  ],
  'writes a file where it is run': ['voice/voice 25', 'voice/voice 26'],
}
const reasonOf = new Map(Object.entries(others).flatMap(([reason, names]) => names.map((name) => [name, reason])))
const all = packages.flatMap(examplesOf)
const runs = all.filter(({ name }) => !reasonOf.has(name))

test.each(all)('$name', async ({ name, program }) => {
  const file = join(folder, `${name.replaceAll(/\W/g, '-')}.mts`)
  // Without an import it would be no module.
  writeFileSync(file, `${program}\nexport {}\n`)
  const run = import(/* @vite-ignore */ pathToFileURL(file).href)
  if (reasonOf.has(name)) await expect(run, reasonOf.get(name)).rejects.toThrow()
  else await run
})

test('docs/vonage.md says how many of how many run', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/vonage.md'), 'utf8')
  expect(page).toContain(`**${runs.length} of ${all.length}**`)
  for (const names of Object.values(others)) expect(page).toContain(`${names.length} `)
})
