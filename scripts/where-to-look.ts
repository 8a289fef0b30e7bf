import { relative } from 'node:path'
import { styleText } from 'node:util'

import type { RunningRedis } from './redis.ts'
import { readSecret } from './secrets.ts'
import type { Stack } from './stack.ts'

/** What `npm start` prints once everything runs. Passwords only without a real account: terminals are recorded and shared. */
export function whereToLook(stack: Stack, redis: RunningRedis, dataFolder: string, isVerbose: boolean): string {
  const { urls, environment } = stack
  const isReal = urls.simulator === undefined
  const secret = (name: string, variable: string) => {
    const path = environment[`${variable}_FILE`]
    // Only what we have made up ourselves: who sets a secret knows it.
    if (!path?.startsWith(dataFolder)) return ''
    return isReal ? `${name} in ${shorten(path)}` : `${name} ${readSecret(path)}`
  }
  const health = [...stack.healthPorts].map(([service, port]) => `${service} ${port}`).join(', ')
  return [
    '',
    ...row('Simulator', urls.simulator, 'phones in your browser: text MSFT from one'),
    ...row('Ingress', urls.ingress, secret('API token', 'API_TOKENS')),
    ...row('Echo', urls.echo && `${urls.echo}/socket`),
    ...row('Console', urls.console, secret('password', 'CONSOLE_PASSWORD')),
    ...row('Redis', redis.description.replace(dataFolder, shorten(dataFolder))),
    ...row('Vonage', isReal ? environment['VONAGE_API_URL'] || 'your account' : undefined),
    ...row('Health', isVerbose ? health : undefined, '/livez, /readyz, /metrics'),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n')
}

function row(name: string, url: string | undefined, note = ''): string[] {
  return url ? [`  ${styleText('bold', name.padEnd(10))} ${url}${note && styleText('gray', `   ${note}`)}`] : []
}

/** As one would type it here. */
function shorten(path: string): string {
  const fromHere = relative('', path)
  return fromHere.startsWith('..') ? path : fromHere
}
