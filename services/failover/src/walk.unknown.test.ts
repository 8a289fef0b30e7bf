import { stepMessageId } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { planFrom, tell, whereIs } from './testing/story.ts'
import { RESEND_GRACE_MS } from './walk.ts'

const oncall = planFrom(['Tony: messenger, sms', 'Michael: viber_service, whatsapp, sms'])

describe('a message of unknown outcome', () => {
  it.each([
    ['gets time to be reported', ['unknown'], { where: 'Tony/messenger', resends: 0, isAwaited: true }],
    [
      'is sent again after that',
      ['unknown', 'resend, ledger says unknown'],
      { where: 'Tony/messenger', resends: 1, isAwaited: false },
    ],
    [
      'is sent again when the ledger has lost it',
      ['unknown', 'resend'],
      { where: 'Tony/messenger', resends: 1, isAwaited: false },
    ],
    [
      'is not sent again too early',
      ['unknown', 'resend too early'],
      { where: 'Tony/messenger', resends: 0, isAwaited: true },
    ],
    [
      'is not sent again when it arrived',
      ['unknown', 'resend, ledger says delivered'],
      { where: 'Tony/messenger', resends: 0, isAwaited: false },
    ],
    [
      'is not sent again when Vonage has it',
      ['unknown', 'resend, ledger says submitted'],
      { where: 'Tony/messenger', resends: 0, isAwaited: false },
    ],
    [
      'is not sent again when told so a second time',
      ['unknown', 'resend, ledger says delivered', 'unknown'],
      { where: 'Tony/messenger', resends: 0, isAwaited: false },
    ],
    [
      'is sent again once only',
      ['unknown', 'resend', 'unknown', 'resend'],
      { where: 'Tony/messenger', resends: 1, isAwaited: false },
    ],
    [
      'is not sent again after the deadline',
      ['unknown', 'deadline', 'resend of Tony/messenger'],
      { where: 'Tony/sms', resends: 0, isAwaited: false },
    ],
    [
      'is not sent again after attention',
      ['unknown', 'read', 'resend'],
      { where: 'attended by Tony messenger read', resends: 0, isAwaited: false },
    ],
    ['is left when it failed after all', ['unknown', 'rejected'], { where: 'Tony/sms', resends: 0, isAwaited: false }],
    [
      'is still waited for when only the first of the two failed',
      ['unknown', 'resend', 'rejected of the first'],
      { where: 'Tony/messenger', resends: 1, isAwaited: false },
    ],
    [
      'is left when the second failed',
      ['unknown', 'resend', 'rejected'],
      { where: 'Tony/sms', resends: 0, isAwaited: false },
    ],
    [
      'ends the alert when the first is read after the second was sent',
      ['unknown', 'resend', 'read of the first'],
      { where: 'attended by Tony messenger read', resends: 1, isAwaited: false },
    ],
  ])('%s', (_, story, expected) => expect(sent(story)).toEqual(expected))

  it('is not sent again when the step is over before the grace time', () => {
    const plan = planFrom([`Ann: sms@${RESEND_GRACE_MS / 1_000}, sms`])
    expect(sent(['unknown'], plan)).toEqual({ where: 'Ann/sms', resends: 0, isAwaited: false })
  })

  it('has another id when it is sent again', () => {
    const before = tell(oncall, ['unknown']).alert
    const after = tell(oncall, ['unknown', 'resend']).alert
    expect(stepMessageId(after, after.step, after.resends)).not.toBe(stepMessageId(before, before.step, before.resends))
  })
})

/** What is known of the message after a story. */
function sent(story: string[], plan = oncall) {
  const { alert } = tell(plan, story)
  return { where: whereIs(alert, plan), resends: alert.resends, isAwaited: alert.resendAt !== undefined }
}
