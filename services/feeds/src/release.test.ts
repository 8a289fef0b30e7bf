import { feed } from '@switchboard/contracts'
import type { Contact, HeldFeed, OutboundMessage } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { createRelease } from './release.ts'

const contact: Contact = { channel: 'sms', address: '447400123456' }
const held: HeldFeed = { topic: 'MSFT', contact, until: 1_000 }
const MSFT = feed.parse({ source: 'simulated', everySeconds: 10, start: 1, quietHours: { from: '22:00', to: '07:00' } })

function release({ isSubscribed = true, quietUntil }: { isSubscribed?: boolean; quietUntil?: number } = {}) {
  const sent: OutboundMessage[] = []
  const again: [HeldFeed, number][] = []
  const handle = createRelease({
    feeds: { MSFT },
    feedValues: { get: async () => ({ value: '421.00', tick: 900 }) },
    subscriptions: { isSubscribed: async () => isSubscribed },
    quietUntil: () => quietUntil,
    hold: { enqueue: async (next, { delayMs }) => void again.push([next, delayMs]) },
    send: async (message) => void sent.push(message),
    now: () => 1_000,
    log: { info: () => undefined },
  })
  return { handle, sent, again }
}

it('sends the newest update when the quiet hours end', async () => {
  const { handle, sent } = release()
  await handle(held)
  expect(sent).toMatchObject([{ text: 'MSFT 421.00', expiresAt: 11_000, about: { kind: 'feed', tick: 900 } }])
  expect(sent[0]?.id).not.toContain('447400123456')
})

it('holds again while it is still quiet somewhere', async () => {
  const { handle, sent, again } = release({ quietUntil: 61_000 })
  await handle(held)
  expect(sent).toEqual([])
  expect(again).toEqual([[{ ...held, until: 61_000 }, 60_000]])
})

it('sends nothing to somebody who has left, nor for a topic that is gone', async () => {
  const left = release({ isSubscribed: false })
  await left.handle(held)
  const gone = release()
  await gone.handle({ ...held, topic: 'GOOGL' })
  expect([...left.sent, ...gone.sent]).toEqual([])
})
