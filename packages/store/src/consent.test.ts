import { describe, expect, it } from 'vitest'

import { currentConsent, recordConsent } from './consent.ts'
import type { ConsentEvent, ConsentRecord } from './consent.ts'

/** `out 10` is an opt-out that was sent in second 10. */
function event(line: string): ConsentEvent {
  const [state, second, cause = line] = line.split(' ')
  const at = Number(second) * 1_000
  return { state: state === 'out' ? 'out' : 'in', sentAt: at, receivedAt: at, source: 'text', causeId: cause }
}

function record(...lines: string[]) {
  let current: ConsentRecord | undefined
  const changes = lines.map((line) => {
    const { next, result } = recordConsent(current, event(line))
    current = next ?? current
    return result
  })
  return { consent: currentConsent(current), changes, kept: current?.history.length ?? 0 }
}

describe('recordConsent', () => {
  it.each([
    ['nobody has said anything', [], undefined, []],
    ['an opt-out', ['out 10'], 'out', [true]],
    ['an opt-out and back in', ['out 10', 'in 20'], 'in', [true, true]],
    ['a second STOP changes nothing', ['out 10', 'out 20'], 'out', [true, false]],
    ['the same STOP recorded again is still the one that changed it', ['out 10', 'out 10'], 'out', [true, true]],
    [
      'a second STOP recorded again is still the one that did not',
      ['out 10', 'out 20', 'out 20'],
      'out',
      [true, false, false],
    ],
    [
      'two STOPs that were written down at the door before the first one is handled',
      ['out 10 a', 'out 11 b', 'out 10 a', 'out 11 b'],
      'out',
      [true, false, true, false],
    ],
    ['an older START comes late', ['out 20', 'in 10'], 'out', [true, false]],
    ['an older STOP comes late', ['out 5', 'in 20', 'out 10'], 'in', [true, true, false]],
    ['a START from between two STOPs comes late', ['out 10', 'out 20', 'in 15'], 'out', [true, false, false]],
    ['of the same second the later arrival counts', ['out 10 a', 'in 10 b'], 'in', [true, true]],
  ] as const)('%s: %o', (_, lines, consent, changes) => {
    expect(record(...lines)).toMatchObject({ consent, changes })
  })

  it('keeps the last 50 events', () => {
    const lines = Array.from({ length: 60 }, (__, index) => `${index % 2 ? 'in' : 'out'} ${index}`)
    expect(record(...lines)).toMatchObject({ kept: 50, consent: 'in' })
  })
})
