import type { Contact } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { createQuietUntil, minutesOfQuiet } from './quiet-until.ts'

const night = { from: '22:00', to: '07:00' }

it.each([
  ['21:59', night, undefined],
  ['22:00', night, 540],
  ['00:00', night, 420],
  ['06:59', night, 1],
  ['07:00', night, undefined],
  ['13:30', { from: '13:00', to: '14:00' }, 30],
  ['14:00', { from: '13:00', to: '14:00' }, undefined],
  ['09:00', { from: '09:00', to: '09:00' }, undefined],
] as const)('at %s of %j: %s minutes left', (timeOfDay, hours, left) => {
  expect(minutesOfQuiet(timeOfDay, hours)).toBe(left)
})

describe('quietUntil', () => {
  const quietUntil = createQuietUntil()
  const british: Contact = { channel: 'sms', address: '447400123456' }
  const japanese: Contact = { channel: 'whatsapp', address: '819012345678' }
  const american: Contact = { channel: 'sms', address: '14155552671' }
  const messenger: Contact = { channel: 'messenger', address: '9000000001' }

  it.each([
    ['in Britain in winter', british, '2026-01-10T23:30:20Z', '2026-01-11T07:00:00Z'],
    ['in Britain in summer', british, '2026-07-10T21:30:00Z', '2026-07-11T06:00:00Z'],
    ['in Britain by day', british, '2026-01-10T12:00:00Z', undefined],
    ['in Japan', japanese, '2026-01-10T14:00:00Z', '2026-01-10T22:00:00Z'],
    [
      'where the number does not tell the zone, in any of them',
      american,
      '2026-01-10T15:30:00Z',
      '2026-01-10T17:00:00Z',
    ],
    ['nobody knows where', messenger, '2026-01-10T23:00:00Z', '2026-01-11T07:00:00Z'],
  ])('%s', (_, contact, now, until) => {
    expect(quietUntil(contact, night, Date.parse(now))).toBe(until === undefined ? undefined : Date.parse(until))
  })

  it('goes by the configured zone, whatever the number', () => {
    const tokyo = { ...night, timeZone: 'Asia/Tokyo' }
    expect(quietUntil(british, tokyo, Date.parse('2026-01-10T14:00:00Z'))).toBe(Date.parse('2026-01-10T22:00:00Z'))
    expect(quietUntil(british, tokyo, Date.parse('2026-01-10T23:30:00Z'))).toBeUndefined()
  })
})
