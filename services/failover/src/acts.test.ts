import { describe, expect, it } from 'vitest'

import { addressOf, planFrom, tell, whereIs } from './testing/story.ts'

const plan = planFrom(['Tony: messenger, sms', 'Michael: whatsapp, voice, sms', 'Ann: voice, sms'])
const tony = addressOf(0)
const michael = addressOf(1)
const toMichael = ['deadline', 'deadline']
const exhausted = Array<string>(7).fill('rejected')

/** What happens, where the alert stands then, and what whoever did the last thing is told. */
const rows: [string, string[], string, string][] = [
  // Taking it.
  ['who takes it has it', [`reply from messenger ${tony} says: ok`], 'attended by Tony messenger reply', 'taken'],
  ['who takes it twice still has it', ['page of Tony: mine', 'page of Tony: mine'], 'attended by Tony link', 'taken'],
  ['who is late hears who has it', ['page of Tony: mine', 'page of Ann: mine'], 'attended by Tony link', 'has-it'],
  ['who answers when it is over hears so', ['cancel', 'page of Tony: mine'], 'cancelled', 'over'],

  // Passing it on.
  ['who cannot is passed by', [`reply from messenger ${tony} says: can't, on a plane`], 'Michael/whatsapp', 'passed'],
  ['by the page as well', ['page of Tony: pass'], 'Michael/whatsapp', 'passed'],
  ['an operator does it for them', ['console: pass'], 'Michael/whatsapp', 'passed'],
  [
    'a reply in the moment of the hand-over: whoever is no longer asked hears how things stand',
    [...toMichael, `reply from sms ${tony} says: no`],
    'Michael/whatsapp',
    'who',
  ],
  ['who had read it and cannot', ['read', `reply from messenger ${tony} says: can't`], 'Michael/whatsapp', 'passed'],
  ['who took it and cannot after all', ['page of Tony: mine', 'page of Tony: pass'], 'Michael/whatsapp', 'passed'],
  [
    'who took it late gives it back to whoever was asked then',
    [...toMichael, 'deadline', 'page of Tony: mine', 'page of Tony: pass'],
    'Michael/whatsapp',
    'passed',
  ],
  [
    'nobody gives away what another one has',
    ['page of Tony: mine', 'page of Ann: pass'],
    'attended by Tony link',
    'has-it',
  ],
  ['the last one cannot', [...toMichael, 'console: pass', 'page of Ann: pass'], 'exhausted', 'nobody-left'],
  ['nobody is left', [...exhausted, 'page of Ann: pass'], 'exhausted', 'nobody-left'],
  ['two keys: 1, then 2', [...toMichael, 'deadline', 'read', 'pass of Michael/voice'], 'Ann/voice', 'passed'],
  [
    'two keys: 2, then 1',
    [...toMichael, 'deadline', 'pass', 'read of Michael/voice'],
    'attended by Michael voice call',
    'taken',
  ],
  [
    'a read of before says nothing any more',
    ['page of Tony: pass', 'read of Tony/messenger'],
    'Michael/whatsapp',
    'passed',
  ],
  [
    'a reply of after does',
    ['page of Tony: pass', `reply from messenger ${tony} says: ok`],
    'attended by Tony messenger reply',
    'taken',
  ],

  // Handing it over.
  ['to somebody who was not asked yet', ['page of Tony: hand over to Ann'], 'Ann/voice', 'handed-over'],
  ['to somebody who was asked', [...toMichael, 'console: hand over to Tony'], 'Tony/messenger', 'handed-over'],
  ['by a reply', [`reply from messenger ${tony} says: hand over to ann`], 'Ann/voice', 'handed-over'],
  [
    'when they do not answer the walk goes on where it was',
    ['console: hand over to Ann', 'deadline', 'deadline'],
    'Michael/whatsapp',
    'handed-over',
  ],
  [
    'somebody who opted out: each channel is left at once',
    ['console: hand over to Ann', 'suppressed: opted', 'suppressed: opted'],
    'Michael/whatsapp',
    'handed-over',
  ],
  ['who is handed it passes it on', ['console: hand over to Ann', 'page of Ann: pass'], 'Michael/whatsapp', 'passed'],
  [
    'who would be next and was handed it is not asked again when they pass it on',
    ['console: hand over to Michael', 'page of Michael: pass'],
    'Ann/voice',
    'passed',
  ],
  [
    'nor when they do not answer',
    ['console: hand over to Michael', 'deadline', 'deadline', 'deadline'],
    'Ann/voice',
    'handed-over',
  ],
  [
    'the last one was handed it and passes it on',
    [...toMichael, 'console: hand over to Ann', 'page of Ann: pass'],
    'exhausted',
    'nobody-left',
  ],
  ['to nobody of this name', ['page of Tony: hand over to Zoe'], 'Tony/messenger', 'unknown-name'],
  ['what one has', ['page of Tony: mine', 'page of Tony: hand over to Ann'], 'Ann/voice', 'handed-over'],
  ['what another one has', ['page of Tony: mine', 'page of Ann: hand over to Ann'], 'attended by Tony link', 'has-it'],
  ['after everybody was asked', [...exhausted, 'console: hand over to Tony'], 'Tony/messenger', 'handed-over'],
  [
    'and then nobody is left',
    [...exhausted, 'console: hand over to Tony', 'rejected', 'rejected'],
    'exhausted',
    'handed-over',
  ],
  ['when it is over', ['cancel', 'console: hand over to Ann'], 'cancelled', 'over'],

  // Putting it off.
  ['nobody is asked meanwhile', ['console: snooze 30', 'wait 1799', 'deadline too early'], 'snoozed', 'snoozed'],
  [
    'then whoever was asked is asked again',
    ['deadline', 'page of Tony: snooze 30', 'deadline'],
    'Tony/messenger',
    'snoozed',
  ],
  ['and the walk goes on', ['console: snooze 30', 'deadline', 'deadline', 'deadline'], 'Michael/whatsapp', 'snoozed'],
  ['unless somebody has it by then', ['console: snooze 30', 'page of Ann: mine'], 'attended by Ann link', 'taken'],
  ['or it is over', ['console: snooze 30', 'page of Tony: resolve'], 'cancelled', 'resolved'],
  ['what one has', ['page of Tony: mine', 'page of Tony: snooze 5', 'deadline'], 'Tony/messenger', 'snoozed'],
  [
    'after everybody was asked all are asked again',
    [...exhausted, 'console: snooze 30', 'deadline'],
    'Tony/messenger in round 2',
    'snoozed',
  ],
  ['somebody passes it on meanwhile', ['page of Tony: snooze 30', 'page of Tony: pass'], 'Michael/whatsapp', 'passed'],
  ['an alert that has ended', ['cancel', 'page of Tony: snooze 30'], 'cancelled', 'over'],
  ['what another one has', ['page of Tony: mine', 'page of Ann: snooze 30'], 'attended by Tony link', 'has-it'],

  // Ending it.
  ['what nobody has', ['page of Tony: resolve'], 'cancelled', 'resolved'],
  ['what somebody has', ['page of Tony: mine', 'page of Ann: resolve'], 'attended by Tony link', 'resolved'],
  ['twice', ['page of Tony: resolve', 'page of Tony: resolve'], 'cancelled', 'over'],

  // Saying something.
  ['a note', ['page of Tony: note the door code is 1234'], 'Tony/messenger', 'noted'],
  ['a note on what is over', ['cancel', 'page of Tony: note it was the disk'], 'cancelled', 'noted'],
  ['a question', [`reply from messenger ${tony} says: ?`], 'Tony/messenger', 'who'],
  ['a cry for help', [`reply from messenger ${tony} says: HELP`], 'Tony/messenger', 'how'],
  ['a machine', [`reply from messenger ${tony} says: I'm driving right now`], 'Tony/messenger', 'none'],

  // Somebody who has only a landline.
  ['an SMS does not arrive: called at once', [...toMichael, 'undeliverable: landline'], 'Michael/voice', ''],
]

describe('what people do with an alert', () => {
  it.each(rows)('%s', (_, story, where, told) => {
    const { alert } = tell(plan, story)
    expect(whereIs(alert, plan)).toBe(where)
    expect(alert.acts?.at(-1)?.answer ?? '').toBe(told)
  })

  it('each act is one, however often it comes, also after others', () => {
    const story = ['page of Tony: mine [first]', 'page of Tony: pass [second]', 'page of Tony: mine [first]']
    expect(whereIs(tell(plan, story).alert, plan)).toBe('Michael/whatsapp')
    const twice = tell(plan, ['page of Tony: pass [first]', 'page of Tony: pass [first]']).alert
    expect(twice).toEqual(tell(plan, ['page of Tony: pass [first]']).alert)
  })

  it('their words stay in the timeline, with who said them', () => {
    const { alert } = tell(plan, [
      `reply from messenger ${tony} says: can't, on a plane`,
      'page of Michael: note the door code is 1234',
      `reply from whatsapp ${michael} says: ok`,
    ])
    expect(alert.timeline.slice(2)).toMatchObject([
      { event: 'said', step: [0, 0, 0], by: 'Tony', reason: "can't, on a plane" },
      { event: 'passed-on', step: [0, 0, 0], reason: 'Tony' },
      { event: 'contacting', step: [0, 1, 0] },
      { event: 'note', by: 'Michael', reason: 'the door code is 1234' },
      { event: 'said', step: [0, 1, 0], by: 'Michael', reason: 'ok' },
      { event: 'attended', reason: 'Michael whatsapp reply' },
    ])
  })
})

it('who quotes the link that acts for them gives it to nobody who is told what they said', () => {
  const link = 'a.example/a/0-alert-Zk3v9aaaaaaa.tl3k2a.abcdefghijklmnopqrst_-'
  const { alert } = tell(plan, [`page of Tony: note see ${link}`, `reply from messenger ${tony} says: ok ${link}`])
  const told = JSON.stringify(alert.timeline)
  expect(told).toContain('see a.example/a/••••••')
  expect(told).toContain('ok a.example/a/••••••')
  expect(told).not.toContain('tl3k2a')
})
