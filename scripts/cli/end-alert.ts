import { setTimeout as sleep } from 'node:timers/promises'

import { alreadyEnded } from './alert-words.ts'
import { UnavailableError } from './api.ts'
import type { AlertView } from './api.ts'
import type { Cli } from './cli.ts'
import { CommandError } from './command-error.ts'
import { COMMAND } from './command-name.ts'

const POLL_MS = 100
const DONE_WITHIN_MS = 10_000

export interface Ending {
  /** Whether there is still something to do about an alert in this state. */
  applies(state: AlertView['state']): boolean
  ask(alert: string): Promise<unknown>
  /** Whether it was this that ended it. */
  isOurs(view: AlertView): boolean
  done(view: AlertView): string
}

/** Ends an alert and says what has become of it, which need not be what was asked for. */
export async function endAlert(alert: string, ending: Ending, { api, terminal }: Cli): Promise<void> {
  const before = await api.get(alert).catch((error: unknown) => {
    // Asked for and not begun: what is asked of it now is done when it begins.
    if (error instanceof UnavailableError && error.problem.status === 503) return undefined
    throw error
  })
  const hasEnded = before !== undefined && !ending.applies(before.state)
  const after = hasEnded ? before : await askAndWait(before?.id ?? alert, ending, api)
  terminal.say(!hasEnded && ending.isOurs(after) ? ending.done(after) : alreadyEnded(after))
  terminal.answer(after)
}

/** A worker does it: only the alert's own record says that it is done. */
async function askAndWait(alert: string, ending: Ending, api: Cli['api']): Promise<AlertView> {
  await ending.ask(alert)
  for (const giveUpAt = Date.now() + DONE_WITHIN_MS; Date.now() < giveUpAt; await sleep(POLL_MS)) {
    const view = await api.get(alert)
    if (!ending.applies(view.state)) return view
  }
  const sentence = `It was asked for, and is not done after ${DONE_WITHIN_MS / 1_000} s. Does failover run?`
  throw new CommandError(`${sentence} Look again: ${COMMAND} watch ${alert}`)
}
