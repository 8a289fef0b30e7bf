import type { FailedJob } from '@switchboard/queue'

import { remedyOf } from './remedy.ts'

/** Jobs that failed for one reason, whatever ids and numbers it names. */
export interface ErrorGroup {
  queue: FailedJob['queue']
  /** As the newest of them says it. */
  reason: string
  count: number
  /** What a search finds all of them by. */
  search: string
  /** What there is to do about it, as far as that is known. */
  remedy: string | undefined
}

const SHOWN_GROUPS = 10
/** Ids, uuids, numbers: what differs between jobs that fail alike. */
const VARYING = /\S*\d\S*/g

/** The most frequent first; of those that only one job has those with a remedy. Expects the newest job first. */
export function groupErrors(jobs: Pick<FailedJob, 'queue' | 'reason'>[]): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>()
  for (const { queue, reason } of jobs) {
    const key = `${queue} ${reason.replaceAll(VARYING, '#')}`
    const group = groups.get(key) ?? { queue, reason, count: 0, search: searchOf(reason), remedy: remedyOf(reason) }
    groups.set(key, { ...group, count: group.count + 1 })
  }
  return [...groups.values()]
    .filter(({ count, remedy }) => count > 1 || remedy !== undefined)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, SHOWN_GROUPS)
}

/** The longest stretch of the reason that does not vary. */
function searchOf(reason: string): string {
  const stretches = reason.split(VARYING).map((stretch) => stretch.trim())
  return stretches.reduce((longest, each) => (each.length > longest.length ? each : longest), '').slice(0, 200)
}
