import { setTimeout as delay } from 'node:timers/promises'

import { ownPresence, PRESENT_EVERY_MS } from '@switchboard/runtime'
import type { Logger } from '@switchboard/runtime'
import { issueToken } from '@switchboard/tokens'

const ANSWER_LIMIT_MS = 4_000
/** The clocks of two machines may differ. */
const TOKEN_TTL_SECONDS = 300

/** Ingress may start with us, or anew. */
const UNHEARD_TOLD = 5

export interface PresenceDeps {
  ingressUrl: string
  tokenSecret: string
  log: Pick<Logger, 'warn'>
  signal: AbortSignal
  everyMs?: number
}

/** Says to ingress every few seconds that this process is there: the echo has no Redis. Calls do not depend on it. */
export async function sayPresent({
  ingressUrl,
  tokenSecret,
  log,
  signal,
  everyMs = PRESENT_EVERY_MS,
}: PresenceDeps): Promise<void> {
  const url = new URL('/echo/presence', ingressUrl)
  let unheard = 0
  while (!signal.aborted) {
    const problem = await say(url, tokenSecret).catch(String)
    unheard = problem === undefined ? 0 : unheard + 1
    // Once, not every five seconds.
    if (unheard === UNHEARD_TOLD) log.warn({ problem }, 'presence.not-heard')
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

/** Undefined when it was heard. */
async function say(url: URL, tokenSecret: string): Promise<string | undefined> {
  const claim = { purpose: 'presence', subject: ownPresence, ttlSeconds: TOKEN_TTL_SECONDS, now: Date.now() } as const
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${await issueToken(tokenSecret, claim)}` },
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  })
  await answer.body?.cancel()
  return answer.ok ? undefined : `ingress answered ${answer.status}`
}
