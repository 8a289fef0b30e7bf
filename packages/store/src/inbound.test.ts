import type { InboundMessage } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { addPart } from './inbound.ts'
import type { SmsParts } from './inbound.ts'

/** `b2` is part 2 of message b. */
function part(name: string): InboundMessage {
  return {
    id: name,
    channel: 'sms',
    from: '447700900010',
    to: '447700900000',
    kind: 'text',
    text: name,
    sentAt: 0,
    receivedAt: 0,
    part: { reference: '7', total: 3, number: Number(name.slice(1)) },
  }
}

it.each([
  ['in order', ['a1', 'a2', 'a3'], 'a1', ['a1', 'a2', 'a3']],
  ['in any order', ['a3', 'a1', 'a2'], 'a3', ['a1', 'a2', 'a3']],
  ['twice', ['a2', 'a2', 'a1', 'a2'], 'a2', ['a1', 'a2']],
  ['of another message that got the same reference', ['a1', 'a2', 'a3', 'b2', 'b1'], 'b2', ['b1', 'b2']],
  ['of another message before the first is whole', ['a1', 'b1', 'b2'], 'b1', ['b1', 'b2']],
])('parts %s: %o', (_, names, id, kept) => {
  const set = names.reduce<SmsParts | undefined>((current, name) => addPart(current, part(name)).result, undefined)
  expect(set?.id).toBe(id)
  expect(set?.parts.map((each) => each.id)).toEqual(kept)
})

const add = (names: string[], receivedAt: number, before?: ReturnType<typeof addPart>['result']) =>
  names.reduce<typeof before>((current, name) => addPart(current, { ...part(name), receivedAt }).result, before)
const idsOf = (set: SmsParts | undefined) => set?.parts.map(({ id }) => id)

it('what comes much later is another message, and the one before is handed over once more unless it was whole', () => {
  const hourLater = 3_600_000
  const incomplete = add(['a1', 'a2'], 0)
  const next = add(['b3'], hourLater, incomplete)
  expect([idsOf(next), idsOf(next?.previous)]).toEqual([['b3'], ['a1', 'a2']])
  // Run again after a crash it says the same.
  expect(idsOf(add(['b3'], hourLater, next)?.previous)).toEqual(['a1', 'a2'])
  expect(add(['b1'], hourLater, add(['a1', 'a2', 'a3'], 0))).not.toHaveProperty('previous')
})
