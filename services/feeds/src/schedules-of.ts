import type { Feed, FeedRefresh } from '@switchboard/contracts'

/** One schedule per topic that is asked for its value; pushed topics have none. */
export function schedulesOf(feeds: Record<string, Feed>): { id: string; everyMs: number; payload: FeedRefresh }[] {
  return Object.entries(feeds)
    .filter(([, feed]) => feed.source !== 'push')
    .map(([topic, feed]) => ({ id: topic, everyMs: feed.everySeconds * 1_000, payload: { topic } }))
}
