import { answerWordsOf } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { nameBeginning, readAnswer } from './read-answer.ts'

const words = answerWordsOf({})
const alert = { code: 'A17' }

describe('a reply to an alert', () => {
  it.each<[string, string[]]>([
    [
      'mine',
      [
        'A17',
        'a17',
        'ok',
        'OK!',
        'Ack.',
        'ack, on it',
        'got it',
        'On it',
        '👍',
        '👍🏽',
        '✅',
        'no problem',
        'No worries!',
      ],
    ],
    ['mine', ['ja, bin dran', 'oui', 'Sí', '了解です', "A17 I'm on it", 'I have it']],
    ['mine', ['omw', 'looking into the database', 'np', 'yes']],
    ['pass', ["can't, on a plane", 'can’t', 'CANT', 'no', 'No, sorry', 'nope', 'pass', 'pass A17', 'A17 pass', '👎']],
    [
      'pass',
      ["Sorry, I can't right now", 'I cannot', 'not me', 'no im driving', 'nein', 'non', 'no puedo', '無理です'],
    ],
    ['who', ['?', '??', '？', 'who', 'Who has it?', "who's on it", 'wer?', '誰', '❓', 'A17?', 'who a17']],
    ['resolve', ['resolved', 'Fixed it', 'erledigt', 'A17 solved']],
    ['note', ['note: the door code is 1234', 'Note it is the disk']],
    ['explain', ['help', 'HELP', 'Info', 'help!']],
    ['automatic', ["I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get there."]],
    [
      'automatic',
      ['I’m driving right now.', 'Automatic reply: on vacation', 'Auto-Reply', 'I am out of office until Monday'],
    ],
    ['automatic', ['Hello, I am out of the office.', 'Abwesenheitsnotiz: bin im Urlaub', 'ただいま運転中です']],
  ])('means %s: %j', (kind, texts) => {
    for (const text of texts) expect([text, readAnswer({ words: text }, alert, words).kind]).toEqual([text, kind])
  })

  it.each([
    ['hand it over to Michael', { kind: 'hand-over', to: 'michael' }],
    ['Give A17 to Zoe please', { kind: 'hand-over', to: 'zoe please' }],
    ['give to Zoe please', { kind: 'hand-over', to: 'zoe please' }],
    ['snooze', { kind: 'snooze', minutes: 30 }],
    ['Snooze 15', { kind: 'snooze', minutes: 15 }],
    ['snooze for 2h', { kind: 'snooze', minutes: 120 }],
    ['snooze A17 45 min', { kind: 'snooze', minutes: 45 }],
    ['snooze 0', { kind: 'unclear' }],
    ['snooze 99999', { kind: 'unclear' }],
  ])('%s', (text, answer) => expect(readAnswer({ words: text }, alert, words)).toEqual(answer))

  it('is a button of ours, whatever its title says', () => {
    expect(readAnswer({ words: 'Nope!', payload: 'A17' }, alert, words)).toEqual({ kind: 'mine' })
    expect(readAnswer({ words: 'I have it', payload: 'pass A17' }, alert, words)).toEqual({ kind: 'pass' })
    expect(readAnswer({ words: 'no', payload: 'something else' }, alert, words)).toEqual({ kind: 'pass' })
  })

  it('is a picture, a sticker, or what an older router said nothing of: a person', () => {
    expect(readAnswer({}, alert, words)).toEqual({ kind: 'mine' })
    expect(readAnswer({ words: '' }, alert, words)).toEqual({ kind: 'mine' })
  })

  it.each([
    ['A17', 'mine'],
    ['yes a17', 'mine'],
    ['ok', 'mine'],
    ['👍', 'mine'],
    ['no', 'pass'],
    ['?', 'who'],
    ['looking', 'unclear'],
    ['', 'unclear'],
    ['A18', 'unclear'],
    ["I'm driving", 'automatic'],
  ])('where the policy wants clear words: %j is %s', (text, kind) => {
    expect(readAnswer({ words: text }, { ...alert, acknowledge: 'code' }, words).kind).toBe(kind)
  })

  it('is understood in a language that the configuration adds, the others as before', () => {
    const none = { mine: [], pass: [], who: [], note: [], handOver: [], snooze: [], resolve: [], automatic: [] }
    const more = answerWordsOf({ nl: { ...none, pass: ['kan niet'] }, fr: none })
    expect(readAnswer({ words: 'Kan niet, zit in de trein' }, alert, more).kind).toBe('pass')
    expect(readAnswer({ words: 'nein' }, alert, more).kind).toBe('pass')
    expect(readAnswer({ words: 'non' }, alert, more).kind).toBe('mine')
  })

  it('is bounded work, however long it is', () => {
    const started = performance.now()
    readAnswer({ words: `no${' no'.repeat(50_000)}` }, alert, words)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

it('a name is found however it is written, the longest first', () => {
  const users = [{ name: 'Ann' }, { name: 'Ann-Marie O’Neill' }, { name: 'Zoë' }]
  expect(nameBeginning('ann', users)).toBe(0)
  expect(nameBeginning('ann marie o’neill, please', users)).toBe(1)
  expect(nameBeginning('ZOË', users)).toBe(2)
  expect(nameBeginning('annette', users)).toBeUndefined()
  expect(nameBeginning('', users)).toBeUndefined()
})
