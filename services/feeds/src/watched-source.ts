import type { Feed, Log } from '@switchboard/contracts'
import type { FeedFaults } from '@switchboard/store'

export interface WatchedSourceDeps {
  read: (feed: Feed, previous: string | undefined) => Promise<string | undefined>
  faults: Pick<FeedFaults, 'add' | 'clear'>
  now: () => number
  log: Log<'error'>
  count: (topic: string) => void
}

/** A source that fails is a fault of its topic, shown and counted, not a failed job of every tick. */
export function createWatchedSource({ read, faults, now, log, count }: WatchedSourceDeps) {
  return async (feed: Feed, previous: string | undefined, topic: string): Promise<string | undefined> => {
    const answer = await read(feed, previous).then(
      (value) => ({ value }),
      (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
    )
    if ('value' in answer) {
      if (feed.source === 'http') await faults.clear(topic)
      return answer.value
    }
    count(topic)
    const { count: times } = await faults.add(topic, { at: now(), reason: answer.reason })
    if (times === 1) log.error({ topic, reason: answer.reason }, 'feed.source-failed')
    return undefined
  }
}
