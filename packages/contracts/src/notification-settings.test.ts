import { expect, it } from 'vitest'

import { fillText, placeholdersIn } from './fill-text.ts'
import { notificationSettings } from './notification-settings.ts'

const text = 'Reply 1 or 2'

it('takes a question with its options and adds the texts that are not given', () => {
  const settings = notificationSettings.parse({ text, options: { '1': 'tomorrow', '2': 'Thursday' } })
  expect(settings).toMatchObject({ expiresAfterSeconds: 259_200, askAgain: expect.stringContaining('{options}') })
})

it.each([
  [{}, 'at least one option'],
  [{ '1': 'STOP' }, 'opt-out'],
  [{ '1': 'stop the updates' }, 'sounds like an opt-out'],
  [{ cancel: 'cancel it' }, 'opt-out'],
  [{ '1': 'tomorrow', '2': 'Tomorrow!' }, 'cannot be told from another option'],
  [{ '1': '2', '2': 'later' }, 'cannot be told from another option'],
  [{ '1': 'really?' }, 'cannot be told'],
])('refuses the options %j', (options, problem) => {
  const parsed = notificationSettings.safeParse({ text, options })
  expect(parsed.error?.issues.map(({ message }) => message).join('; ')).toContain(problem)
})

it.each([
  [{ ttlSeconds: 600, messengerTag: 'ACCOUNT_UPDATE', viberCategory: 'transaction' }, []],
  [{ ttlSeconds: 20 }, ['messageOptions.ttlSeconds']],
  [{ ttlSeconds: 10 }, ['messageOptions.ttlSeconds']],
  [
    { ttlSeconds: 'x', viberButton: {} },
    ['messageOptions.ttlSeconds', 'messageOptions.viberButton.url', 'messageOptions.viberButton.text'],
  ],
  [{ ttlSeconds: 300_000 }, ['messageOptions.ttlSeconds']],
  [{ tag: 'ACCOUNT_UPDATE' }, ['messageOptions']],
])('message options %j: wrong is %j', (messageOptions, wrong) => {
  const parsed = notificationSettings.safeParse({ text, options: { '1': 'tomorrow' }, messageOptions })
  expect(parsed.error?.issues.map(({ path }) => path.join('.')) ?? []).toEqual(wrong)
})

it('fills placeholders and leaves what it does not know', () => {
  expect(fillText('{name}: {x} {constructor}', { name: '$& {x}', x: 'y' })).toBe('$& {x}: y {constructor}')
  expect(placeholdersIn('{a} {b} {a}')).toEqual(['a', 'b'])
})
