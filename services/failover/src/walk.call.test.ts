import { describe, expect, it } from 'vitest'

import { obligations } from './obligations.ts'
import { planFrom, tell, whereIs } from './testing/story.ts'

/** A call is the second channel of the second person. */
const plan = planFrom(['Tony: messenger, sms', 'Michael: whatsapp, voice, sms', 'Ann: voice, sms'])
const calling = ['deadline', 'deadline', 'deadline']

describe('a phone call in the walk', () => {
  it.each([
    ['is a channel like any other', calling, 'Michael/voice'],
    ['ends it by key 1', [...calling, 'read'], 'attended by Michael voice call'],
    [
      'ends it by key 1 that is only in the ledger yet',
      [...calling, 'deadline, ledger says read'],
      'attended by Michael voice call',
    ],
    ['goes on at once when nobody hears it', [...calling, 'undeliverable: busy'], 'Michael/sms'],
    [
      'goes on once when two events say so',
      [...calling, 'undeliverable', 'undeliverable of Michael/voice'],
      'Michael/sms',
    ],
    ['stays while it rings and is spoken', [...calling, 'submitted', 'accepted'], 'Michael/voice'],
    ['goes on at the deadline', [...calling, 'deadline'], 'Michael/sms'],
    ['is passed on to the next person now', [...calling, 'pass'], 'Ann/voice'],
    ['is passed on once', [...calling, 'pass', 'pass of Michael/voice'], 'Ann/voice'],
    ['ends after it was passed on: no news', [...calling, 'pass', 'undeliverable of Michael/voice'], 'Ann/voice'],
    [
      'ends before the key that passes it on arrives',
      [...calling, 'undeliverable', 'pass of Michael/voice'],
      'Ann/voice',
    ],
    [
      'is passed on, and taken after all',
      [...calling, 'pass', 'read of Michael/voice'],
      'attended by Michael voice call',
    ],
    [
      'is passed on by somebody the walk has left',
      [...calling, 'deadline', 'deadline', 'pass of Michael/voice'],
      'Ann/voice',
    ],
    ['is passed on when nobody is left', [...calling, 'pass', 'pass'], 'exhausted'],
    ['is taken, and passed on after all', [...calling, 'read', 'pass of Michael/voice'], 'Ann/voice'],
    ['is passed on when it was cancelled', [...calling, 'cancel', 'pass of Michael/voice'], 'cancelled'],
    ['is placed again when nobody knows whether it was', [...calling, 'unknown', 'wait 30', 'resend'], 'Michael/voice'],
  ])('%s', (_, sentences, end) => {
    expect(whereIs(tell(plan, sentences).alert, plan)).toBe(end)
  })

  it('notes who passed it on, and not that the call ended', () => {
    const { alert } = tell(plan, [...calling, 'pass', 'undeliverable of Michael/voice'])
    expect(alert.timeline.slice(-2)).toMatchObject([
      { event: 'passed-on', step: [0, 1, 1], reason: 'Michael' },
      { event: 'contacting', step: [0, 2, 0] },
    ])
  })

  it('asks for no replies, and nobody is called to hear who has it', () => {
    const { alert } = tell({ ...plan, announce: true }, [...calling, 'pass'])
    expect(obligations(alert, plan)[0]).toMatchObject([{ kind: 'code' }, { kind: 'message', contacts: [] }, {}])
    const attended = tell({ ...plan, announce: true }, [...calling, 'pass', 'read']).alert
    const closings = obligations(attended, { ...plan, announce: true })
      .flat()
      .flatMap((owed) => (owed.kind === 'closing' ? [`${owed.user} ${owed.channel.channel}`] : []))
    expect(closings).toEqual(['Tony sms', 'Michael whatsapp'])
  })
})
