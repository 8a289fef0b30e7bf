import { describe, expect, it } from 'vitest'

import './issue-words.ts'
import { policy, policyUsers } from './policy.ts'

const sms = { type: 'sms', id_num: '447700900011' }
const viber = { type: 'viber_service_msg', id_num: 447_700_900_012 }
const tony = { name: 'Tony', channels: [sms, viber] }

function problems(users: unknown): string[] {
  return (policyUsers.safeParse(users).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('policy', () => {
  it('takes the seed configuration as it is: channel names, numbers, and seconds as text', () => {
    const parsed = policy.parse({
      users: [{ ...tony, channels: [{ ...sms, expiry_time: '180', condition_status: 'delivered' }, viber] }],
    })
    expect(parsed.users[0]?.channels).toEqual([
      { type: 'sms', id_num: '447700900011', expiry_time: 180, condition_status: 'delivered' },
      { type: 'viber_service', id_num: '447700900012', expiry_time: 600, condition_status: 'read' },
    ])
    expect(parsed).toMatchObject({ final_wait: 600, repeat: 0, announce: false, engine: 'local' })
  })

  it.each([
    ['one channel', [{ ...tony, channels: [sms] }], '0.channels: a user needs at least two channels'],
    ['no user', [], ': '],
    ['no name', [{ ...tony, name: ' ' }], '0.name: '],
    ['an unknown channel', [{ ...tony, channels: [sms, { type: 'fax', id_num: '1' }] }], '0.channels.1.type: unknown'],
    ['a number with +', [{ ...tony, channels: [{ ...sms, id_num: '+447700900011' }, viber] }], '0.channels.0.id_num: '],
    ['no time', [{ ...tony, channels: [{ ...sms, expiry_time: 0 }, viber] }], '0.channels.0.expiry_time: '],
    ['too long', [{ ...tony, channels: [{ ...sms, expiry_time: 86_401 }, viber] }], '0.channels.0.expiry_time: '],
    ['half a second', [{ ...tony, channels: [{ ...sms, expiry_time: 1.5 }, viber] }], '0.channels.0.expiry_time: '],
    ['not a number', [{ ...tony, channels: [{ ...sms, expiry_time: 'soon' }, viber] }], '0.channels.0.expiry_time: '],
    [
      'an unknown condition',
      [{ ...tony, channels: [{ ...sms, condition_status: 'seen' }, viber] }],
      'condition_status',
    ],
    ['an unknown key', [{ ...tony, team: 'A' }], '0: has what is not known here: "team"'],
    ['the same name twice', [tony, { ...tony, name: 'tony' }], '1.name: duplicate user name "tony"'],
  ])('refuses %s by name', (_, users, expected) => {
    expect(problems(users).join('\n')).toContain(expected)
  })
})
