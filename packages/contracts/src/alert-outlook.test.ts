import { expect, it } from 'vitest'

import { askedOf } from './alert-outlook.ts'
import type { Alert, AlertPlan } from './alert.ts'

const user = (name: string) => ({ name, channels: [], finalWaitSeconds: 600 })
const plan: AlertPlan = { users: [user('Tony'), user('Michael')], repeat: 0, announce: false, engine: 'local' }

it('others hear the last thing that somebody said who was asked, and not what they asked', () => {
  const timeline: Alert['timeline'] = [
    { at: 0, event: 'contacting', step: [0, 0, 0] },
    { at: 1, event: 'said', by: 'Tony', reason: "can't, on a plane" },
    { at: 2, event: 'said', by: 'Tony', reason: 'who has it?' },
  ]
  const acts: Alert['acts'] = [
    { id: 'one', at: 1, answer: 'passed' },
    { id: 'two', at: 2, answer: 'who', isQuestion: true },
  ]
  expect(askedOf({ timeline, acts }, plan)).toEqual([{ name: 'Tony', said: "can't, on a plane" }])
})
