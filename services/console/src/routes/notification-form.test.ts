import { switchboardConfig } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { notifyForm, readNotifyForm } from './notification-form.ts'

const settings = switchboardConfig.parse({
  senders: { sms: '447700900000', messenger: '100000001' },
  defaultCountry: 'GB',
  notifications: {
    delivery: { text: 'Reply 1 or 2', options: { '1': 'tomorrow', '2': 'Thursday' } },
    pickup: { text: 'Hello {name}, reply 1', options: { '1': 'yes' } },
  },
})
const read = (fields: Record<string, string>) => readNotifyForm(notifyForm.parse(fields), settings)

it('takes a number as people write it', () => {
  expect(read({ name: 'delivery', number: '07700 900123' })).toMatchObject({
    kind: 'request',
    contact: { channel: 'sms', address: '447700900123' },
  })
})

it('takes the variables its text asks for, and no others', () => {
  const fields = { name: 'pickup', number: '+447700900123', 'var.name': 'Ada', 'var.other': 'x' }
  expect(read(fields)).toMatchObject({ kind: 'request', variables: { name: 'Ada' } })
})

it.each([
  [{ name: 'delivery' }, 'Fill in the phone number'],
  [{ name: 'delivery', number: 'hello' }, 'is not a phone number'],
  [{ name: 'nothing', number: '+447700900123' }, 'Choose a notification'],
  [{ name: 'pickup', number: '+447700900123' }, 'Fill in "name"'],
  [{ name: 'delivery', channel: 'whatsapp', number: '+447700900123' }, 'The channel whatsapp has no sender'],
  [{ name: 'delivery', channel: 'messenger', number: 'not an id!' }, 'page-scoped id'],
])('refuses %j', (fields, problem) => {
  const result = read(fields)
  expect(result.kind === 'invalid' ? result.problems.join('\n') : result.kind).toContain(problem)
})
