import { describe, expect, it } from 'vitest'

import { obligations } from './obligations.ts'
import { addressOf, begin, planFrom, START, tell, whereIs } from './testing/story.ts'

const tony = addressOf(0)

describe('a Dispatch workflow', () => {
  const plan = planFrom(['Tony: messenger, sms'])
  const caller = { dispatch: { uuid: 'u', statusUrl: 'https://caller.example/status' } }

  it('is over when its last message is delivered: its caller asked for no more', () => {
    expect(whereIs(tell(plan, ['deadline', 'delivered'], caller).alert, plan)).toBe('attended by Tony sms delivered')
  })

  it('takes its replies for the caller from its first message on, and never for an alert of ours', () => {
    const { alert } = tell(plan, [], caller)
    const kinds = obligations(alert, plan)
      .flat()
      .map(({ kind }) => kind)
    expect(kinds).toEqual(['code', 'caller-replies', 'message', 'deadline'])
  })

  it('asks for a report at its end', () => {
    const { alert } = tell(plan, ['read'], caller)
    expect(obligations(alert, plan).flat()).toContainEqual({ id: 'report', kind: 'final-report' })
  })
})

describe('handed to Vonage, a user at a time', () => {
  const plan = planFrom(['Tony: messenger@100, viber_service@50, sms; waits 30', 'Michael: whatsapp, sms'], {
    engine: 'dispatch',
  })

  it.each([
    ['waits for the whole workflow', [], 'Tony/messenger'],
    ['leaves going on to Vonage', ['rejected'], 'Tony/messenger'],
    ['goes to the next person when the last channel fails', ['rejected of Tony/sms'], 'Michael/whatsapp'],
    ['goes to the next person at the deadline', ['deadline'], 'Michael/whatsapp'],
    ['ends when any message is read', ['read of Tony/viber_service'], 'attended by Tony viber_service read'],
    ['ends by a reply on any channel of the workflow', [`reply from sms ${tony}`], 'attended by Tony sms reply'],
    ['is exhausted after the last person', ['deadline', 'deadline'], 'exhausted'],
  ])('%s', (_, story, expected) => expect(whereIs(tell(plan, story).alert, plan)).toBe(expected))

  it('waits for all channels together', () => {
    expect(begin(plan).dueAt - START).toBe(180_000)
  })
})
