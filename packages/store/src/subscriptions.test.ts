import { describe, expect, it } from 'vitest'

import { changeSubscription } from './subscriptions.ts'
import type { Subscription } from './subscriptions.ts'

function wish(topic: string | null, second: number, causeId = `${topic} ${second}`): Subscription {
  return { topic, sentAt: second * 1_000, receivedAt: second * 1_000, causeId }
}

describe('changeSubscription', () => {
  it.each([
    ['the first one', undefined, wish('MSFT', 10), { kind: 'changed', previous: null }],
    ['a switch', wish('MSFT', 10), wish('GOOGL', 20), { kind: 'changed', previous: 'MSFT' }],
    ['the same topic again', wish('MSFT', 10), wish('MSFT', 20), { kind: 'unchanged' }],
    ['an end', wish('MSFT', 10), wish(null, 20), { kind: 'changed', previous: 'MSFT' }],
    ['an end of nothing', undefined, wish(null, 20), { kind: 'unchanged' }],
    ['an older wish that comes late', wish('GOOGL', 20), wish('MSFT', 10), { kind: 'stale' }],
    ['an older wish after the end', wish(null, 20), wish('MSFT', 10), { kind: 'stale' }],
    [
      'of the same second the later arrival',
      wish('MSFT', 10),
      wish('GOOGL', 10, 'b'),
      { kind: 'changed', previous: 'MSFT' },
    ],
  ] as const)('%s', (_, current, next, outcome) => {
    const change = changeSubscription(current, next)
    expect(change.result).toEqual(outcome)
    expect(change.next?.topic).toBe(outcome.kind === 'stale' ? undefined : next.topic)
  })

  it('says the same when a request is run again, so that the rest of its work is done', () => {
    const first = changeSubscription(wish('MSFT', 10), wish('GOOGL', 20))
    expect(changeSubscription(first.next, wish('GOOGL', 20))).toEqual({ result: first.result })
  })
})
