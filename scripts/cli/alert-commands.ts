import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'

import type { AlertView, Api } from './api.ts'
import { CommandError } from './command-error.ts'
import { readUsers } from './read-users.ts'

const POLL_MS = 500
const BEGIN_WITHIN_MS = 15_000
const exitCodes: Record<AlertView['state'], number> = { attended: 0, exhausted: 2, cancelled: 3, walking: 1 }

export interface AlertOptions {
  config?: string | undefined
  policy?: string | undefined
  text?: string | undefined
  detach?: boolean | undefined
  json?: boolean | undefined
}

/** Starts an alert and, unless detached, shows its walk until it ends. Resolves to the exit status. */
export async function startAlert(api: Api, { config, policy, text, detach, json }: AlertOptions): Promise<number> {
  if (text === undefined || text.trim() === '') throw new CommandError('--text: what shall the alert say?')
  if ((config === undefined) === (policy === undefined)) throw new CommandError('Give either --config or --policy.')
  const whom = config === undefined ? { policy } : readUsers(config)
  const { id, warnings } = await api.start({ ...whom, text })
  for (const { field, message } of warnings) console.error(styleText('yellow', `${field}: ${message}`))
  if (json) console.log(JSON.stringify({ id, warnings }))
  else console.log(`Alert ${id}`)
  return detach ? 0 : watchAlert(api, id)
}

/** Prints the timeline of an alert as it grows. */
export async function watchAlert(api: Api, id: string): Promise<number> {
  const onInterrupt = () => {
    console.log(`\nThe walk goes on. Look again: pnpm switchboard watch ${id}   End it: pnpm switchboard cancel ${id}`)
    process.exit(130)
  }
  process.once('SIGINT', onInterrupt)
  const giveUpAt = Date.now() + BEGIN_WITHIN_MS
  let shown = 0
  for (;;) {
    const alert = await api.get(id)
    if (!alert && (shown > 0 || Date.now() > giveUpAt)) throw new CommandError(`There is no alert ${id}.`)
    clearStatus()
    for (const entry of alert?.timeline.slice(shown) ?? []) console.log(toLine(entry))
    shown = alert?.timeline.length ?? 0
    if (alert && alert.state !== 'walking') {
      process.off('SIGINT', onInterrupt)
      console.log(verdict(alert))
      return exitCodes[alert.state]
    }
    if (alert?.current) showStatus(alert.current)
    await sleep(POLL_MS)
  }
}

export async function acknowledge(api: Api, id: string, by: string | undefined): Promise<number> {
  await api.acknowledge(id, by ?? userInfo().username)
  console.log(`Acknowledged ${id}.`)
  return 0
}

export async function cancel(api: Api, id: string): Promise<number> {
  await api.cancel(id)
  console.log(`Cancelled ${id}.`)
  return 0
}

export async function listAlerts(api: Api, asJson: boolean): Promise<number> {
  const { open, alerts } = await api.list()
  if (asJson) {
    console.log(JSON.stringify({ open, alerts }))
    return 0
  }
  console.log(open === 0 ? 'No alert is open.' : `${open} open:`)
  for (const { id, current, text } of alerts)
    console.log(`  ${id}  ${current?.user} on ${current?.channel}  ${text.replaceAll('\n', ' ')}`)
  return 0
}

const words: Record<string, (entry: AlertView['timeline'][number]) => string> = {
  started: () => 'started',
  contacting: ({ user, channel }) => styleText('bold', `→ ${user} on ${channel}`),
  'sent-again': ({ user, channel }) => `→ ${user} on ${channel}, again`,
  delivered: () => '  delivered',
  deadline: () => styleText('yellow', '  not seen in time'),
  failed: ({ reason }) => styleText('yellow', `  ${reason}`),
  unknown: () => styleText('yellow', '  nobody knows whether it went out'),
  attended: ({ reason }) => styleText('green', `✓ seen: ${reason}`),
  exhausted: () => styleText('red', '✗ the list is exhausted'),
  cancelled: ({ reason }) => `cancelled: ${reason}`,
}

function toLine(entry: AlertView['timeline'][number]): string {
  const time = new Date(entry.at).toLocaleTimeString('en-GB')
  return `${styleText('dim', time)}  ${words[entry.event]?.(entry) ?? `${entry.event} ${entry.reason ?? ''}`}`
}

function verdict({ state, attendedBy }: AlertView): string {
  if (state !== 'attended' || !attendedBy)
    return state === 'exhausted' ? 'Nobody has seen it.' : 'The alert was cancelled.'
  const { user, channel, how } = attendedBy
  return `${user ?? 'Somebody'} has seen it (${[channel, how].filter(Boolean).join(', ')}).`
}

/** On a terminal, one line that is written over: what is being waited for. */
function showStatus({ user, channel, dueAt }: NonNullable<AlertView['current']>): void {
  if (!process.stdout.isTTY) return
  const seconds = Math.max(0, Math.round((Date.parse(dueAt) - Date.now()) / 1_000))
  process.stdout.write(styleText('dim', `          waiting for ${user} on ${channel}, ${seconds} s left`))
}

function clearStatus(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001B[2K')
}
