import { describe, expect, it } from 'vitest'

import { obligations } from './obligations.ts'
import { addressOf, planFrom, tell } from './testing/story.ts'

const oncall = planFrom(['Tony: messenger, sms', 'Michael: viber_service, whatsapp, sms'])
const tony = addressOf(0)
const michael = addressOf(1)

describe('what an alert asks of the world', () => {
  it.each([
    ['its code, its contact, a message and its deadline', [], ['code', 'message', 'deadline']],
    ['a second try in time', ['unknown'], ['code', 'message', 'deadline', 'resend']],
    [
      'to tell late replies who has it before they find it no longer as an open one',
      ['read'],
      ['listed-as-ended', 'late-replies', 'no-contacts'],
    ],
    [
      'to take late replies before it is no longer found by the others, once exhausted',
      Array<string>(5).fill('rejected'),
      ['listed-as-ended', 'late-replies', 'no-contacts'],
    ],
    ['the same once cancelled', ['cancel'], ['listed-as-ended', 'late-replies', 'no-contacts']],
    [
      'an answer to whoever wrote, beside the next step',
      [`reply from messenger ${tony} says: can't`],
      ['code', 'answer', 'trace', 'message', 'deadline'],
    ],
    [
      'all contacts again when it is walked on after its end',
      ['read', 'page of Tony: pass'],
      ['code', 'listed-as-open', 'contacts', 'message', 'deadline'],
    ],
    ['its end of being put off', ['console: snooze 30'], ['code', 'deadline']],
  ])('%s', (_, story, expected) => expect(asked(story)).toEqual(expected))

  const announcing = planFrom(['Tony: messenger, sms', 'Michael: whatsapp, sms', 'Zoe: sms, sms'], { announce: true })
  it.each([
    ['everybody who was contacted hears who has it', ['deadline', 'deadline', 'read'], ['tell Tony', 'tell Michael']],
    ['not those who never heard of it', ['read'], ['tell Tony']],
    ['also when somebody else has it', ['deadline', 'api by Ann'], ['tell Tony']],
    ['that it is over, when it was cancelled', ['deadline', 'cancel'], ['tell Tony: over']],
    [
      'that it is over, when what somebody has is resolved',
      ['deadline', 'read', 'page of Tony: resolve'],
      ['tell Tony'],
    ],
    ['nobody when it is exhausted', Array<string>(6).fill('rejected'), []],
  ])('%s', (_, story, expected) =>
    expect(asked(story, announcing).filter((each) => each.startsWith('tell'))).toEqual(expected),
  )

  it('tells people where they were reached last, and who has it where it was seen, from the same sender', () => {
    const plan = structuredClone(announcing)
    for (const user of plan.users) for (const each of user.channels) each.from = `own-${each.channel}`
    const { alert } = tell(plan, ['deadline', 'deadline', 'deadline', 'read of Michael/whatsapp'])
    expect(
      obligations(alert, plan)
        .flat()
        .filter(({ kind }) => kind === 'closing'),
    ).toMatchObject([
      { user: 'Tony', channel: { channel: 'sms', to: tony, from: 'own-sms' } },
      { user: 'Michael', channel: { channel: 'whatsapp', to: michael, from: 'own-whatsapp' } },
    ])
  })

  it('tells somebody with two numbers on one channel on the one they answered from', () => {
    const plan = planFrom(['Tony: sms, sms', 'Michael: whatsapp, sms'], { announce: true })
    const [first, second] = plan.users[0]!.channels
    if (!first || !second) expect.unreachable()
    second.to = '447700900099'
    const closings = (story: string[]) =>
      obligations(tell(plan, story).alert, plan)
        .flat()
        .flatMap((each) => (each.kind === 'closing' ? [each.channel.to] : []))
    expect(closings(['deadline', 'read of Tony/sms#1'])).toEqual([first.to])
    expect(closings(['deadline', 'read of Tony/sms#2'])).toEqual(['447700900099'])
    const answers = (story: string[]) =>
      obligations(tell(plan, story).alert, plan)
        .flat()
        .flatMap((each) => (each.kind === 'answer' ? [each.contact.address] : []))
    const story = ['deadline', `reply from sms ${first.to}`]
    expect(closings(story)).toEqual([])
    expect(answers(story)).toEqual([first.to])
  })

  it('is the same however often it is asked', () => {
    const { alert } = tell(announcing, ['deadline', 'read'])
    expect(obligations(alert, announcing)).toEqual(obligations(structuredClone(alert), announcing))
  })
})

function asked(story: string[], plan = oncall): string[] {
  return obligations(tell(plan, story).alert, plan)
    .flat()
    .map((each) => {
      if (each.kind !== 'closing') return each.kind
      return each.about === 'over' ? `tell ${each.user}: over` : `tell ${each.user}`
    })
}
