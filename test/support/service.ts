import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { builtFile } from '@switchboard/bundle'
import type { ServiceName } from '@switchboard/contracts'

import { findUnready } from '../../scripts/find-unready.ts'
import { startNodeProcess, untilReady } from '../../scripts/managed-process.ts'
import type { ManagedProcess } from '../../scripts/managed-process.ts'
import { findFreePort } from '../../scripts/ports.ts'

const root = resolve(import.meta.dirname, '..', '..')

export interface ServiceSetting {
  redisUrl: string
  /** Where the configuration is written, and what it says. */
  folder: string
  config: object
  /** What stands in for Vonage. */
  vonageUrl?: string
}

export const signing = {
  secret: 'signature-secret-of-the-tests',
  applicationId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
}

/** The environment that every service of one setting shares. */
export function serviceEnvironment({ redisUrl, folder, config, vonageUrl }: ServiceSetting): NodeJS.ProcessEnv {
  const configFile = join(folder, 'switchboard.config.json')
  writeFileSync(configFile, JSON.stringify(config))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    LOG_LEVEL: 'warn',
    REDIS_URL: redisUrl,
    SWITCHBOARD_CONFIG: configFile,
    SESSION_SECRET: 'session-secret-of-the-tests',
    VONAGE_API_URL: vonageUrl ?? 'http://127.0.0.1:1',
    VONAGE_APPLICATION_ID: signing.applicationId,
    VONAGE_SIGNATURE_SECRET: signing.secret,
    VONAGE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** One service alone, as its own process, once it is ready. */
export async function startService(
  name: ServiceName,
  env: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
  givenHealthPort?: number,
): Promise<ManagedProcess> {
  const healthPort = givenHealthPort ?? (await findFreePort())
  const started = startNodeProcess({
    name,
    args: [builtFile(name)],
    cwd: root,
    env: { ...env, HEALTH_PORT: String(healthPort) },
    onLine,
  })
  await untilReady(started, () => findUnready(healthPort))
  return started
}
