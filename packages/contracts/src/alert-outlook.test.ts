import { expect, it } from 'vitest'

import { askedOf } from './alert-outlook.ts'
import type { AlertPlan } from './alert.ts'

const user = (name: string) => ({ name, channels: [], finalWaitSeconds: 600 })
const plan: AlertPlan = { users: [user('Tony'), user('Michael')], repeat: 0, announce: false, engine: 'local' }

it.each([
  ["can't, on a plane", "can't, on a plane"],
  ['👎', '👎'],
  ['?', undefined],
  [' ?! ', undefined],
])('of somebody who was asked and wrote %j others hear %j', (reason, said) => {
  const timeline = [
    { at: 0, event: 'contacting' as const, step: [0, 0, 0] satisfies [number, number, number] },
    { at: 1, event: 'said' as const, by: 'Tony', reason },
  ]
  expect(askedOf({ timeline }, plan)).toEqual([{ name: 'Tony', said }])
})
