import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'

const NOTICEABLE_MS = 2_000
/** Tokens for Vonage are dated back by 10 s; a clock further ahead has them refused. */
const HARMFUL_MS = 10_000

/** @param offsetMs Their clock minus ours. */
export function judgeClock(whose: string, offsetMs: number): Finding {
  const about = `Clock and ${whose}'s`
  const apartMs = Math.abs(offsetMs)
  if (apartMs < NOTICEABLE_MS) return ok(about, 'agree')
  const says = `this machine is ${(apartMs / 1_000).toFixed(1)} s ${offsetMs > 0 ? 'behind' : 'ahead'}`
  const todo = 'Let both machines take their time from NTP, such as with chrony or systemd-timesyncd.'
  return apartMs < HARMFUL_MS ? warning(about, says, todo) : failure(about, says, todo)
}

/**
 * Offset of the clock that wrote a Date header, which has whole seconds: at most half a second off, and half the round
 * trip. Undefined without a header that is a date.
 */
export function offsetOfDate(date: string | null, askedAt: number, answeredAt: number): number | undefined {
  const theirs = Date.parse(date ?? '')
  return Number.isNaN(theirs) ? undefined : theirs + 500 - (askedAt + answeredAt) / 2
}
