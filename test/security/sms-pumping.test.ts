import { expect, inject, test } from 'vitest'

import { sendSignup } from '../support/signup-form.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'

const { ingress, simulator: simulatorUrl } = inject('stack')
const simulator = connectSimulator(simulatorUrl)

test.each([
  ['of another country', '+14155552671'],
  ['of a satellite network', '+870773111632'],
  ['of no country', '+979123456789'],
  ['that costs its caller extra', '+449098790000'],
  ['that shares its cost', '+448440123456'],
  ['of a personal redirection', '+447020123456'],
  ['of a company', '+443001234567'],
  ['of a pager', '+447640123456'],
  ['that is our own', '+447700900000'],
])('the sign-up page sends nothing to a number %s', async (_what, number) => {
  expect((await sendSignup(ingress, { number })).status).toBe(422)
  expect(await simulator.log(number.slice(1))).toEqual([])
})

test('and asks a number of the configured country', async () => {
  const phone = simulator.phone('sms', newAddress('sms'))
  expect((await sendSignup(ingress, { number: phone.address })).headers.get('location')).toBe('/signup/sent')
  await phone.expects(/Somebody asked for MSFT updates/)
})
