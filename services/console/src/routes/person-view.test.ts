import { policy } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { placesOf, readPersonId } from './person-view.ts'

const oncall = policy.parse({
  users: [
    {
      name: 'Tony',
      channels: [
        { type: 'messenger', id_num: '9000000001' },
        { type: 'voice', id_num: '447700900011' },
      ],
    },
    {
      name: 'Ada',
      channels: [
        { type: 'sms', id_num: '447700900012' },
        { type: 'whatsapp', id_num: '447700900012' },
      ],
    },
  ].map((user) => ({ ...user, channels: user.channels.map((each) => ({ ...each, expiry_time: 60 })) })),
})

it.each([
  ['tel.447700900011', ['Tony']],
  ['tel.447700900012', ['Ada']],
  ['messenger.9000000001', ['Tony']],
  ['tel.447700900013', []],
])('%s takes part as %j, on whatever channel', (id, names) => {
  const person = readPersonId(id)
  expect(person && placesOf(person, { oncall }).map(({ name }) => name)).toEqual(names)
})
