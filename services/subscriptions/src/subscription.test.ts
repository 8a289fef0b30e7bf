import type { Subscription } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { decideSubscription, subscriptionObligations } from './subscription.ts'

function wish(topic: string | null, second: number, causeId = `${topic} ${second}`): Subscription {
  return { topic, sentAt: second * 1_000, receivedAt: second * 1_000, causeId }
}

describe('decideSubscription', () => {
  it.each([
    ['the first one counts', undefined, wish('MSFT', 10)],
    ['a switch counts', wish('MSFT', 10), wish('GOOGL', 20)],
    ['the same topic again is a new wish, with a confirmation of its own', wish('MSFT', 10), wish('MSFT', 20)],
    ['an end counts', wish('MSFT', 10), wish(null, 20)],
    ['of the same second the later arrival counts', wish('MSFT', 10), wish('GOOGL', 10, 'b')],
  ])('%s', (_, current, next) => {
    expect(decideSubscription(current, next)).toEqual(next)
  })

  it.each([
    ['an older wish that comes late', wish('GOOGL', 20), wish('MSFT', 10)],
    ['an older wish after the end', wish(null, 20), wish('MSFT', 10)],
    ['the same wish run again', wish('GOOGL', 20), wish('GOOGL', 20)],
  ])('%s changes nothing', (_, current, next) => {
    expect(decideSubscription(current, next)).toBe(current)
  })
})

it('the end of one topic ends no other', () => {
  const end = wish(null, 20)
  expect(decideSubscription(wish('MSFT', 10), end, { only: 'MSFT' })).toEqual(end)
  for (const current of [undefined, wish('GOOGL', 10), wish(null, 10)]) {
    expect(decideSubscription(current, end, { only: 'MSFT' })).toBe(current)
  }
})

it('keeps what a newer version has written beside', () => {
  const current = { ...wish('MSFT', 10), language: 'fr' }
  expect(decideSubscription(current, wish('GOOGL', 20))).toMatchObject({ topic: 'GOOGL', language: 'fr' })
})

it('owes a place among the subscribers first, then one confirmation per wish; nothing is said of an end', () => {
  expect(subscriptionObligations(wish('MSFT', 10))).toMatchObject([[{ kind: 'listed' }], [{ kind: 'confirmation' }]])
  expect(subscriptionObligations(wish(null, 10))).toMatchObject([[{ kind: 'listed' }], []])
  const [first, second] = [wish('MSFT', 10), wish('MSFT', 20)].map((each) => subscriptionObligations(each)[1])
  expect(first?.[0]?.id).not.toBe(second?.[0]?.id)
})

/** What the trail is owed of a wish by text. */
function byText(current: Subscription | undefined, next: Subscription) {
  const after = decideSubscription(current, next, { isByText: true })
  return after && subscriptionObligations(after)[1]?.filter(({ kind }) => kind === 'trace')
}

it('owes the trail what was said by text, and nothing when nothing ended', () => {
  const subscribed = decideSubscription(undefined, wish('MSFT', 10), { isByText: true })
  expect(byText(undefined, wish('MSFT', 10))).toMatchObject([{ does: 'subscription.begin', topic: 'MSFT' }])
  expect(byText(subscribed, wish(null, 20))).toMatchObject([{ does: 'subscription.end', topic: 'MSFT' }])
  expect(byText(wish(null, 20), wish(null, 30))).toEqual([])
  expect(decideSubscription(subscribed, wish('AAPL', 20))).toEqual(wish('AAPL', 20))
})
