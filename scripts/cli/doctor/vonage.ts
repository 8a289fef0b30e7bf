import { importPrivateKey, splitKeys } from '@switchboard/vonage'

import { judgeClock, offsetOfDate } from './clock.ts'
import { failure, ok } from './finding.ts'
import type { Finding } from './finding.ts'

const TIMEOUT_MS = 5_000

export interface VonageSettings {
  VONAGE_API_URL: string
  VONAGE_PRIVATE_KEY: string
}

/** Whether Vonage, or what stands in for it, answers from here; its clock; and our key. Any answer will do: nothing is sent. */
export async function examineVonage({ VONAGE_API_URL: url, VONAGE_PRIVATE_KEY }: VonageSettings): Promise<Finding[]> {
  const askedAt = Date.now()
  const reached = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' }).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ reason: reasonOf(error) }),
  )
  const key = judgePrivateKey(VONAGE_PRIVATE_KEY)
  if ('reason' in reached) {
    const todo = 'Check VONAGE_API_URL, and that this machine may make connections to it (DNS, firewall, proxy).'
    return [failure('Vonage', `${url} does not answer (${reached.reason})`, todo), key]
  }
  await reached.answer.body?.cancel()
  const offset = offsetOfDate(reached.answer.headers.get('date'), askedAt, Date.now())
  return [ok('Vonage', `${url} answers`), ...(offset === undefined ? [] : [judgeClock('Vonage', offset)]), key]
}

function judgePrivateKey(pem: string): Finding {
  try {
    for (const key of splitKeys(pem)) importPrivateKey(key)
    return ok('Vonage private key', 'can be read')
  } catch (error) {
    const todo = 'Put the whole file that the dashboard let you download into VONAGE_PRIVATE_KEY (or _FILE).'
    return failure('Vonage private key', reasonOf(error), todo)
  }
}

/** Why a request failed, in the words of the system where it has some. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || reasonOf(error.cause) : error.message
}
