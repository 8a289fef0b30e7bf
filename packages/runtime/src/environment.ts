import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

import { isSeedConfig, seedConfig, switchboardConfig } from '@switchboard/contracts'
import type { SwitchboardConfig } from '@switchboard/contracts'
import { z } from 'zod'

import { explainIssue } from './load-config.ts'

/** A variable that says yes or no. */
export const flag = z.stringbool().default(false)
export const port = z.coerce.number().int().min(0).max(65_535)
export const positiveInteger = z.coerce.number().int().positive()

/** This machine only, unless said otherwise. */
export const host = z.string().default('127.0.0.1')

const MAX_HOPS = 10
const PROXY_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal'])

/** What Fastify takes: nobody, some addresses, or the nearest so many. */
export type TrustedProxies = false | string | ((address: string, hop: number) => boolean)

/**
 * Whose X-Forwarded-For counts: the number of proxies in front of us, or their addresses. Who trusts anybody lets
 * everybody choose the address that quotas and logs know them by.
 */
export const trustProxy = z
  .string()
  .default('')
  .transform((text, context): TrustedProxies => {
    if (text === '' || text === 'false') return false
    const hops = Number(text)
    if (Number.isInteger(hops) && hops >= 0 && hops <= MAX_HOPS)
      return hops === 0 ? false : (_address, hop) => hop < hops
    const proxies = text.split(',').map((proxy) => proxy.trim())
    if (proxies.every(isProxy)) return proxies.join(',')
    const message =
      'must be the number of proxies in front of Switchboard, such as 1, or their addresses, such as 10.0.0.5,10.1.0.0/16: ' +
      'with any other value everybody could choose their own address by an X-Forwarded-For of their own'
    context.addIssue({ code: 'custom', message, input: text })
    return z.NEVER
  })

function isProxy(text: string): boolean {
  const [address = '', bits] = text.split('/')
  if (bits === undefined) return PROXY_NAMES.has(text) || isIP(text) > 0
  return (
    isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (isIP(address) === 4 ? 32 : 128)
  )
}

/** What every process reads. */
export const commonEnvironment = {
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HEALTH_PORT: port.default(8_080),
  HEALTH_HOST: host,
}

/** What every process that talks to Redis reads. */
export const redisEnvironment = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  /** Of a `rediss://` whose certificate no public authority has signed: that of who did. */
  REDIS_CA: z.string().includes('BEGIN CERTIFICATE', { message: 'must be the PEM text of a certificate' }).optional(),
  REDIS_CLUSTER: flag,
  /** `host:port` of each, separated by commas. They say where the master is; REDIS_URL then gives its password and database. */
  REDIS_SENTINELS: z.string().transform(parseAddresses).optional(),
  REDIS_SENTINEL_MASTER: z.string().default('mymaster'),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
}

/** What every service that keeps data reads: where, and whose it may be. */
export const dataEnvironment = { ...redisEnvironment, VONAGE_APPLICATION_ID: z.string().min(1) }

const DEFAULT_SENTINEL_PORT = 26_379

function parseAddresses(value: string, context: z.RefinementCtx): { host: string; port: number }[] {
  return value.split(',').map((text) => {
    const address = URL.parse(`sentinel://${text.trim()}`)
    if (address?.hostname) return { host: address.hostname, port: Number(address.port || DEFAULT_SENTINEL_PORT) }
    context.addIssue({ code: 'custom', message: `${text.trim()} is not host:port`, input: value })
    return z.NEVER
  })
}

/** How to reach Vonage, for the services that send. */
export const vonageEnvironment = {
  VONAGE_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.nexmo.com'),
  VONAGE_REST_URL: z.url({ protocol: /^https?$/ }).default('https://rest.nexmo.com'),
  VONAGE_APPLICATION_ID: z.string().min(1),
  VONAGE_PRIVATE_KEY: z.string().includes('PRIVATE KEY', { message: 'must be the PEM text of a private key' }),
  VONAGE_API_KEY: z.string().optional(),
  VONAGE_API_SECRET: z.string().optional(),
  VONAGE_MESSAGES_VERSION: z.enum(['v1', 'v0.1']).default('v1'),
  VONAGE_SMS_API: z.enum(['messages', 'sms']).default('messages'),
  /** How Messages v0.1 takes the parameters of a WhatsApp template: it changed over the years. */
  VONAGE_TEMPLATE_PARAMETERS: z.enum(['strings', 'objects']).default('strings'),
}

/** Only a simulator is spoken to without TLS. */
export function isSimulated({ VONAGE_API_URL }: { VONAGE_API_URL: string }): boolean {
  return new URL(VONAGE_API_URL).protocol === 'http:'
}

/** `switchboard.config.json`, read and checked; its problems are reported with those of the environment. */
export const settingsFile = z
  .string()
  .default('switchboard.config.json')
  .transform((path, context): SwitchboardConfig => {
    const parsed = readSettings(path)
    if (parsed.kind === 'settings') return parsed.settings
    for (const { path: field, message } of parsed.problems)
      context.issues.push({ code: 'custom', path: field, message, input: path })
    return z.NEVER
  })

/** The Dispatch tutorial's file in our words: its users are the policy `default`. */
const settingsOfSeed = seedConfig.transform(({ senders, users }) =>
  switchboardConfig.parse({ senders, policies: { default: { users } } }),
)

type ReadSettings =
  | { kind: 'settings'; settings: SwitchboardConfig }
  | { kind: 'invalid'; problems: { path: PropertyKey[]; message: string }[] }

function readSettings(path: string): ReadSettings {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'invalid', problems: [{ path: [], message: `cannot read ${path}: ${reason}` }] }
  }
  const parsed = (isSeedConfig(json) ? settingsOfSeed : switchboardConfig).safeParse(json)
  if (parsed.success) return { kind: 'settings', settings: parsed.data }
  return {
    kind: 'invalid',
    problems: parsed.error.issues.map((issue) => ({ path: issue.path, message: explainIssue(issue) })),
  }
}
