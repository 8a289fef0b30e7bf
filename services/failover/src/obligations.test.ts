import { describe, expect, it } from 'vitest'

import { obligations } from './obligations.ts'
import { addressOf, planFrom, tell } from './testing/story.ts'

const oncall = planFrom(['Tony: messenger, sms', 'Michael: viber_service, whatsapp, sms'])
const tony = addressOf(0)
const michael = addressOf(1)

describe('what an alert asks of the world', () => {
  it.each([
    ['a message and its deadline', [], ['message', 'deadline']],
    ['a second try in time', ['unknown'], ['message', 'deadline', 'resend']],
    ['nothing once somebody has it', ['read'], []],
    ['nothing once exhausted', Array<string>(5).fill('rejected'), []],
    ['nothing once cancelled', ['cancel'], []],
  ])('%s', (_, story, expected) => expect(asked(story)).toEqual(expected))

  const announcing = planFrom(['Tony: messenger, sms', 'Michael: whatsapp, sms', 'Zoe: sms, sms'], { announce: true })
  it.each([
    ['everybody who was contacted hears who has it', ['deadline', 'deadline', 'read'], ['tell Tony', 'tell Michael']],
    ['not those who never heard of it', ['read'], ['tell Tony']],
    ['also when somebody else has it', ['deadline', 'api by Ann'], ['tell Tony']],
    ['nobody when it was cancelled', ['deadline', 'cancel'], []],
    ['nobody when it is exhausted', Array<string>(6).fill('rejected'), []],
  ])('%s', (_, story, expected) => expect(asked(story, announcing)).toEqual(expected))

  it('tells people where they were reached last, and who has it where it was seen, from the same sender', () => {
    const plan = structuredClone(announcing)
    for (const user of plan.users) for (const each of user.channels) each.from = `own-${each.channel}`
    const { alert } = tell(plan, ['deadline', 'deadline', 'deadline', 'read of Michael/whatsapp'])
    expect(obligations(alert, plan)).toMatchObject([
      { user: 'Tony', channel: { channel: 'sms', to: tony, from: 'own-sms' } },
      { user: 'Michael', channel: { channel: 'whatsapp', to: michael, from: 'own-whatsapp' } },
    ])
  })

  it('is the same however often it is asked', () => {
    const { alert } = tell(announcing, ['deadline', 'read'])
    expect(obligations(alert, announcing)).toEqual(obligations(structuredClone(alert), announcing))
  })
})

function asked(story: string[], plan = oncall): string[] {
  return obligations(tell(plan, story).alert, plan).map((each) =>
    each.kind === 'closing' ? `tell ${each.user}` : each.kind,
  )
}
