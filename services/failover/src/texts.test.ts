import { bundleText, closingsText, closingText, stepText, switchboardConfig } from '@switchboard/contracts'
import { countParts } from '@switchboard/vonage'
import { describe, expect, it } from 'vitest'

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

const many = (count: number, text = 'db-7 is down') =>
  Array.from({ length: count }, (_, index) => ({ code: `A${9_900 + index}`, text }))
const attended = (user: string) => ({ state: 'attended', attendedBy: { how: 'reply', at: 0, user } }) as const

describe('many alerts in one message', () => {
  it.each(['sms', 'whatsapp', 'messenger', 'viber_service'] as const)('on %s every code is named', (on) => {
    for (const text of ['x', 'db-7 is down', 'disk full '.repeat(40)]) {
      const message = bundleText({ alerts: many(50, text), channel: on, link, texts })
      expect(message.length).toBeLessThanOrEqual(
        { sms: 1_000, viber_service: 1_000, messenger: 640, whatsapp: 4_096 }[on],
      )
      for (const { code } of many(50)) expect(message).toContain(code)
    }
  })

  it('one that is left alone reads as if it had always been', () => {
    const alerts = [{ code: 'A17', text: 'db-7 is down' }]
    const sms = { channel: 'sms' } as const
    expect(bundleText({ alerts, channel: 'sms', link, texts })).toBe(
      stepText({ alert: { code: 'A17', text: 'db-7 is down' }, channel: sms, link, texts }),
    )
  })

  it('its ends say who has what', () => {
    const alerts = [
      { code: 'A1', text: 'one', ...attended('Tony') },
      { code: 'A2', text: 'two', ...attended('Ann') },
      { code: 'A3', text: 'three', ...attended('Tony') },
    ]
    expect(closingsText(alerts, 'sms', texts)).toBe('Tony has it: A1 one, A3 three\nAnn has it: A2 two')
  })
})
