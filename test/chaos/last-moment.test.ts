import { setTimeout as wait } from 'node:timers/promises'

import { expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { createChance } from '../support/chance.ts'
import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

const ALERTS = 60
const WAIT_MS = 6_000
/** Around the moment in which the list is exhausted: replies take some time to get there. */
const SPREAD_MS = 400

test('60 people who reply in the moment of exhaustion: each has the alert, and none is taken for somebody who wants a feed', async () => {
  await using stack = await startTestStack({ redisServerUrl: inject('redisUrl') })
  const simulator = connectSimulator(stack.addresses.simulator)
  const alerts = createAlertClient(stack.addresses)
  const chance = createChance()
  const replies = Array.from({ length: ALERTS }, () => ({
    phone: simulator.phone('sms'),
    afterMs: WAIT_MS + chance.between(-SPREAD_MS, SPREAD_MS / 2),
  }))
  const stories = await Promise.all(
    replies.map(async ({ phone, afterMs }) => {
      const phones = [simulator.phone('viber_service'), phone]
      const tony = { name: 'Tony', phones, seconds: 1, waits: WAIT_MS / 1_000 }
      const id = await alerts.start([tony], 'db-7 is down')
      const { timeline } = await alerts.until(id, 'Tony/sms')
      const askedAt = timeline.findLast(({ event }) => event === 'contacting')?.at ?? ''
      await wait(Math.max(0, Date.parse(askedAt) + afterMs - Date.now()))
      await phone.sends('got it')
      const { attendedBy } = await alerts.until(id, 'attended')
      expect(attendedBy).toMatchObject({ user: 'Tony', how: 'reply' })
      return alerts.story(id)
    }),
  )
  for (const { phone } of replies) {
    await phone.expects(/You have it/)
    const texts = (await phone.received()).map(({ text }) => text)
    expect(texts.filter((text) => /real-time data|MSFT/.test(text))).toEqual([])
    expect(texts.filter((text) => text.includes('db-7 is down') && !text.startsWith('You have it'))).toHaveLength(1)
  }
  const late = stories.filter((story) => story.includes('exhausted')).length
  console.log(`${ALERTS - late} replies came before the end, ${late} after it`)
})
