import { switchboardConfig } from '@switchboard/contracts'
import { countParts } from '@switchboard/vonage'
import { expect, it } from 'vitest'

import { closingText, stepText } from './texts.ts'

const { texts } = switchboardConfig.parse({})
const channel = { channel: 'sms', to: '447700900010', expirySeconds: 60, condition: 'read' } as const
const link = 'https://alerts.example/a/0-alert'

it('an alert that is too long for an SMS is cut in its own alphabet, and can still be acknowledged', () => {
  const text = stepText({ alert: { text: 'disk full '.repeat(400), code: 'A17' }, channel, link, texts })
  expect(text.length).toBeLessThanOrEqual(1_000)
  // One character outside GSM-7 would make 15 parts of it.
  expect(countParts('sms', text)).toBe(7)
  expect(text).toMatch(/\.\.\.\nReply A17 to acknowledge, or open https:/)
})

it('half of a character is never left', () => {
  const text = stepText({ alert: { text: '👍'.repeat(2_000), code: 'A17' }, channel, link, texts })
  expect(text.isWellFormed()).toBe(true)
})

it('a closing is cut as well', () => {
  const alert = { text: 'x'.repeat(4_000), code: 'A17', attendedBy: { how: 'read', at: 0, user: 'Tony' } } as const
  expect(closingText(alert, 'sms', texts.alertClosing)).toMatch(/^Tony has it: x+\.\.\.$/)
})
