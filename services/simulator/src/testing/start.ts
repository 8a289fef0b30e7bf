import { generateKeyPairSync, randomUUID } from 'node:crypto'

import { SignJWT } from 'jose/jwt/sign'
import { importPKCS8 } from 'jose/key/import'

import { defaultAccount, exampleSenders, type AccountChange } from '../account.ts'
import { createSimulator, type Simulator } from '../app.ts'
import { examplePeople } from '../example-people.ts'
import { asObject, type Body } from '../messages/read-body.ts'
import type { TryOptions } from '../try/register.ts'
import type { World } from '../world.ts'
import { startApplication, type Application } from './application.ts'

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

export const credentials = {
  applicationId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  privateKey: pair.privateKey,
  publicKey: pair.publicKey,
  apiKey: 'abcd1234',
  apiSecret: 'simulated-secret',
  signatureSecret: 'sim-signature-secret-0123456789abcdef',
}

export interface Rig extends AsyncDisposable {
  url: string
  world: World
  calls: Simulator['calls']
  application: Application
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>
  /** A request to Vonage with a fresh token. */
  vonage(method: string, path: string, body: unknown): Promise<Answered>
  control(method: string, path: string, body?: unknown): Promise<Answered>
}

export interface Answered {
  status: number
  headers: Headers
  body: Body
  text: string
}

/**
 * A simulator with a clock that is twenty times as fast, and an application, both on random ports. With `tries` the
 * application stands for a Switchboard.
 */
export async function startRig(
  change: AccountChange = {},
  speed = 20,
  tries?: Omit<TryOptions, 'apiUrl'>,
): Promise<Rig> {
  const application = await startApplication()
  const account = defaultAccount(application.url, exampleSenders)
  const { app, world, calls } = await createSimulator({
    credentials,
    account,
    people: examplePeople,
    speed,
    tries: tries && { ...tries, apiUrl: application.url },
  })
  world.account.change(change)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })

  const call: Rig['call'] = async (method, path, body, headers = {}) => {
    const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method, ...payload, headers: { ...type, ...headers } })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parse(text), text }
  }
  return {
    url,
    world,
    calls,
    application,
    call,
    vonage: async (method, path, body) => call(method, path, body, { authorization: `Bearer ${await tokenFor()}` }),
    control: (method, path, body) => call(method, `/control${path}`, body),
    async [Symbol.asyncDispose]() {
      await app.close()
      await application[Symbol.asyncDispose]()
    },
  }
}

export async function tokenFor(
  claims: Record<string, unknown> = {},
  key: string = credentials.privateKey,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1_000)
  const payload = { application_id: credentials.applicationId, iat, jti: randomUUID(), ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(await importPKCS8(key, 'RS256'))
}

function parse(text: string): Body {
  try {
    return asObject(JSON.parse(text)) ?? {}
  } catch {
    return {}
  }
}
