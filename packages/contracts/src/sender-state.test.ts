import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { admit, afterAnswer, PROBE_AGAIN_MS, PROBE_EVERY_MS, takeProbe } from './sender-state.ts'
import type { SenderAnswer, SenderState } from './sender-state.ts'

const id = { channel: 'sms', sender: '447700900000' } as const
const accepted: SenderAnswer = { kind: 'accepted' }
const limited: SenderAnswer = { kind: 'limited', retryAfterMs: 900_000 }
const refused = (recipient: string): SenderAnswer => ({ kind: 'account', recipient, code: '401', reason: 'bad key' })

function after(...answers: SenderAnswer[]): SenderState | undefined {
  return answers.reduce<SenderState | undefined>((state, answer) => afterAnswer(state, id, answer, 0), undefined)
}

it.each<[string, SenderAnswer[], number, ReturnType<typeof admit>['kind']]>([
  ['nothing', [], 0, 'go'],
  ['an acceptance', [accepted], 0, 'go'],
  ['one refusal', [refused('a')], 0, 'go'],
  ['two refusals of one recipient', [refused('a'), refused('a'), refused('a')], 0, 'go'],
  ['refusals of two recipients', [refused('a'), refused('b')], 0, 'wait'],
  ['the same, a minute later', [refused('a'), refused('b')], PROBE_EVERY_MS, 'probe'],
  ['an acceptance between them', [refused('a'), accepted, refused('b')], 0, 'go'],
  ['a hold and an acceptance', [refused('a'), refused('b'), accepted], 0, 'go'],
  ['a limit', [limited], 899_999, 'wait'],
  ['a limit, later', [limited], 900_000, 'go'],
  ['an acceptance of what was sent before the limit', [limited, accepted], 1, 'wait'],
  ['a hold and a limit', [refused('a'), refused('b'), limited], PROBE_EVERY_MS, 'wait'],
])('after %s', (_, answers, now, kind) => {
  expect(admit(after(...answers), 'm1', now).kind).toBe(kind)
})

it('lets each message try once, one a minute, and again only when no other wants to', () => {
  const held = after(refused('a'), refused('b'))
  if (!held) expect.unreachable()
  const first = takeProbe(held, 'm1', PROBE_EVERY_MS)
  expect(admit(first, 'm2', PROBE_EVERY_MS).kind).toBe('wait')
  expect(takeProbe(first, 'm2', PROBE_EVERY_MS)).toBe(first)
  expect(admit(first, 'm2', 2 * PROBE_EVERY_MS).kind).toBe('probe')
  expect(admit(first, 'm1', 2 * PROBE_EVERY_MS).kind).toBe('wait')
  expect(admit(first, 'm1', 2 * PROBE_EVERY_MS + PROBE_AGAIN_MS).kind).toBe('probe')
})

describe('whatever is sent and answered', () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 90_000 }),
    messageId: fc.constantFrom('m1', 'm2', 'm3', 'm4'),
    answer: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c').map(refused) },
      { weight: 1, arbitrary: fc.constant(accepted) },
      {
        weight: 1,
        arbitrary: fc
          .integer({ min: 1, max: 900_000 })
          .map((ms): SenderAnswer => ({ kind: 'limited', retryAfterMs: ms })),
      },
    ),
  })

  it('a held sender sends one message a minute, opens with the first acceptance, and never waits longer than told', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state: SenderState | undefined
        let now = 0
        let lastProbeAt = -Infinity
        let toldUntil = 0
        for (const { afterMs, messageId, answer } of steps) {
          now += afterMs
          const admission = admit(state, messageId, now)
          if (admission.kind === 'wait') {
            const longest = admission.why === 'limited' ? toldUntil : now + PROBE_EVERY_MS + PROBE_AGAIN_MS
            expect(admission.until).toBeGreaterThan(now)
            expect(admission.until).toBeLessThanOrEqual(longest)
            continue
          }
          if (admission.kind === 'probe') {
            expect(now - lastProbeAt).toBeGreaterThanOrEqual(PROBE_EVERY_MS)
            lastProbeAt = now
            if (state) state = takeProbe(state, messageId, now)
          }
          if (answer.kind === 'limited') toldUntil = now + answer.retryAfterMs
          state = afterAnswer(state, id, answer, now)
          if (answer.kind === 'accepted') expect(admit(state, messageId, now).kind).toBe('go')
        }
      }),
    )
  })

  it('one recipient alone never holds it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(refused('a'), accepted, limited), { maxLength: 30 }), (answers) => {
        expect(after(...answers)?.hold).toBeUndefined()
      }),
    )
  })
})
