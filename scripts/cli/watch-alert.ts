import { setTimeout as sleep } from 'node:timers/promises'

import { toLine, toStatus, verdict } from './alert-words.ts'
import { UnavailableError } from './api.ts'
import type { AlertView } from './api.ts'
import type { Cli } from './cli.ts'
import { COMMAND } from './command-name.ts'

const POLL_MS = 500
/** A restart of ingress or of Redis does not end a watch. */
const ANSWERS_WITHIN_MS = 60_000

/** Attended, exhausted, cancelled: what `watch` and `alert` end with. */
export const watchExitCodes: Record<AlertView['state'], number> = {
  attended: 0,
  exhausted: 2,
  cancelled: 3,
  walking: 1,
}
export const watchExitHelp = `
Exit status: 0 attended, 2 exhausted, 3 cancelled, 1 anything else, 130 after Ctrl-C, which ends the watching and
never the walk.`

/** Prints the timeline of an alert as it grows. Resolves to the alert when the walk has ended. */
export async function watchAlert(alert: string, { api, terminal }: Pick<Cli, 'api' | 'terminal'>): Promise<AlertView> {
  let name = alert
  const onInterrupt = () => {
    const sentence = `The walk goes on. Look again: ${COMMAND} watch ${name}   End it: ${COMMAND} cancel ${name}`
    terminal.fail(`\n${sentence}`, { title: 'Interrupted', detail: sentence })
    process.exit(130)
  }
  process.once('SIGINT', onInterrupt)
  try {
    // Nobody listens there: said at once. That it was asked for and has not begun yet: waited for.
    let view = await untilAnswered(
      () => api.get(alert),
      terminal,
      (error) => error.problem.status !== undefined,
    )
    for (let shown = 0; ; view = await untilAnswered(() => api.get(alert), terminal)) {
      name = view.code
      for (const entry of view.timeline.slice(shown)) terminal.say(toLine(entry))
      shown = view.timeline.length
      if (view.state !== 'walking') {
        terminal.say(verdict(view))
        return view
      }
      if (view.current) terminal.showStatus(toStatus(view.current, Date.now()))
      await sleep(POLL_MS)
    }
  } finally {
    process.off('SIGINT', onInterrupt)
  }
}

/** Asks again while there is no answer; throws the last UnavailableError after a minute, any other error at once. */
async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  terminal: Cli['terminal'],
  mayPass: (error: UnavailableError) => boolean = () => true,
): Promise<Answer> {
  for (const giveUpAt = Date.now() + ANSWERS_WITHIN_MS; ; await sleep(POLL_MS)) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof UnavailableError) || !mayPass(error) || Date.now() > giveUpAt) throw error
      terminal.showStatus(`          ${error.message}`)
    }
  }
}
