import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { advance, messageState, stateRank } from './message-state.ts'

const anyState = fc.constantFrom(...messageState.options)

describe('advance', () => {
  it.each([
    ['sending', 'accepted', 'accepted'],
    ['submitted', 'delivered', 'delivered'],
    ['delivered', 'read', 'read'],
    ['submitted', 'read', 'read'],
    ['delivered', 'submitted', 'delivered'],
    ['read', 'delivered', 'read'],
    ['rejected', 'submitted', 'rejected'],
    ['rejected', 'delivered', 'delivered'],
    ['undeliverable', 'read', 'read'],
    ['delivered', 'rejected', 'delivered'],
    ['unknown', 'submitted', 'submitted'],
    ['submitted', 'unknown', 'submitted'],
    ['accepted', 'dropped', 'accepted'],
  ] as const)('%s, then %s: %s', (state, event, expected) => expect(advance(state, event)).toBe(expected))

  it('ends in a state of the same rank whatever the order and however often each event comes', () => {
    const twoOrders = fc
      .array(anyState, { minLength: 1, maxLength: 8 })
      .chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
      )
    fc.assert(
      fc.property(twoOrders, ([events, shuffled]) => {
        const end = (list: typeof events) => stateRank[list.reduce(advance, 'released')]
        expect(end(shuffled)).toBe(end(events))
      }),
    )
  })
})
