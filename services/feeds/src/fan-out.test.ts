import { feed, messagesOf } from '@switchboard/contracts'
import type { Feed, FeedFanout, HeldFeed, MessagePack, OutboundMessage } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { createFanOut } from './fan-out.ts'

const page: FeedFanout = {
  topic: 'MSFT',
  tick: 1_000,
  text: 'MSFT 420.00',
  after: '',
  createdAt: 1_005,
  expiresAt: 11_000,
}

/** Subscribers in the order Redis pages them; what was sent and which pages follow. */
function fanOut(
  subscribers: string[],
  { now = 2_000, feeds = {} }: { now?: number; feeds?: Record<string, Feed> } = {},
) {
  const sent: OutboundMessage[] = []
  const pages: FeedFanout[] = []
  const held: HeldFeed[] = []
  const packs: MessagePack[] = []
  const events: string[] = []
  let dropped = 0
  /** What each job has kept, by where its page begins. */
  const kept = new Map<string, FeedFanout>()
  const work = createFanOut({
    subscriptions: {
      page: async (_, after, size) => subscribers.filter((id) => id > after).slice(0, size),
      placeAt: async (_, share) => subscribers[Math.floor(share * subscribers.length)],
    },
    feeds,
    quietUntil: (contact) => (contact.address === '447700900011' ? 3_600_000 : undefined),
    hold: { enqueue: async (each) => void held.push(each) },
    sendMany: async (messages) => void sent.push(...messages),
    async sendPacks(all) {
      packs.push(...all)
      sent.push(...all.flatMap(messagesOf))
    },
    nextPage: { enqueue: async (next) => void pages.push(next) },
    now: () => now,
    log: { info: (_, event) => void events.push(event), warn: (_, event) => void events.push(event) },
    countDropped: () => (dropped += 1),
  })
  const handle = (job: FeedFanout) => {
    const name = `${job.after} ${job.isSecondHalf}`
    const remember = async (found: FeedFanout) => kept.get(name) ?? kept.set(name, found).get(name) ?? found
    return work(kept.get(name) ?? job, { remember })
  }
  return { handle, sent, packs, pages, held, events, dropped: () => dropped }
}

function manySubscribers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `sms.${447_700_900_000 + index}`)
}

describe('createFanOut', () => {
  it('makes one message per subscriber, each for its own channel', async () => {
    const { handle, sent, pages } = fanOut(['messenger.9000000001', 'sms.447700900010', 'viber_service.447700900010'])
    await handle(page)
    expect(sent.map(({ channel, to }) => `${channel} ${to}`)).toEqual([
      'messenger 9000000001',
      'sms 447700900010',
      'viber_service 447700900010',
    ])
    expect(sent[0]).toMatchObject({
      text: 'MSFT 420.00',
      purpose: 'feed',
      expiresAt: 11_000,
      about: { kind: 'feed', topic: 'MSFT', tick: 1_000 },
    })
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3)
    expect(pages).toEqual([])
  })

  it('gives the same messages and pages their ids again when it is run again', async () => {
    const subscribers = manySubscribers(500)
    const first = fanOut(subscribers)
    const second = fanOut(subscribers)
    await first.handle(page)
    await second.handle(page)
    expect(second.sent).toEqual(first.sent)
    expect(second.pages).toEqual(first.pages)
  })

  it('makes the same packs again although people have come and gone', async () => {
    const subscribers = manySubscribers(520)
    const { handle, packs, pages } = fanOut(subscribers)
    await handle(page)
    subscribers.splice(3, 100, 'sms.447700900003', 'sms.4477009000030')
    await handle(page)
    const [first, second] = [packs.slice(0, packs.length / 2), packs.slice(packs.length / 2)]
    expect(second).toEqual(first)
    expect(first[0]?.to).toHaveLength(50)
    expect(pages[1]).toEqual(pages[0])
    expect(JSON.stringify(packs.map(({ id }) => id))).not.toContain('4477')
  })

  it('passes page by page over all subscribers, nobody twice', async () => {
    const subscribers = manySubscribers(1_200)
    const { handle, sent, pages } = fanOut(subscribers)
    await handle(page)
    while (pages.length > 0) await handle(pages.shift() ?? page)
    expect(sent.map(({ to }) => `sms.${to}`).toSorted()).toEqual(subscribers)
  })

  it.each([499, 500, 501, 1_000, 1_499])('reaches each of %i subscribers once, wherever it begins', async (count) => {
    for (let tick = 0; tick < 60_000; tick += 7_000) {
      const { handle, sent, pages } = fanOut(manySubscribers(count))
      await handle({ ...page, tick })
      while (pages.length > 0) await handle(pages.shift() ?? page)
      expect(sent).toHaveLength(count)
      expect(new Set(sent.map(({ to }) => to)).size).toBe(count)
    }
  })

  it('over capacity reaches other people with each update, and all of them in turn', async () => {
    const reached = new Set<string>()
    for (let tick = 0; tick < 10; tick += 1) {
      // Time enough for one page of ten.
      const { handle, sent } = fanOut(manySubscribers(5_000))
      await handle({ ...page, tick: tick * 10_000 })
      for (const { to } of sent) reached.add(to)
    }
    expect(reached.size).toBeGreaterThan(3_000)
  })

  it('leaves out what is no contact, and serves the others', async () => {
    const { handle, sent, events } = fanOut(['', 'fax.1', 'sms', 'sms.', 'sms.447700900010'].sort())
    await handle(page)
    expect(sent.map(({ to }) => to)).toEqual(['447700900010'])
    expect(events).toContain('fan-out.invalid-subscribers')
  })

  it('holds the update of who is in quiet hours, where the feed has them', async () => {
    const MSFT = feed.parse({ source: 'push', quietHours: { from: '22:00', to: '07:00' } })
    const { handle, sent, held } = fanOut(['sms.447700900010', 'sms.447700900011'], { feeds: { MSFT } })
    await handle(page)
    expect(sent.map(({ to }) => to)).toEqual(['447700900010'])
    expect(held).toEqual([{ topic: 'MSFT', contact: { channel: 'sms', address: '447700900011' }, until: 3_600_000 }])
    const loud = fanOut(['sms.447700900011'])
    await loud.handle(page)
    expect(loud.sent).toHaveLength(1)
  })

  it("gives the feed's own WhatsApp template along, and no address in the id", async () => {
    const MSFT = feed.parse({
      source: 'push',
      whatsappTemplate: { name: 'shop:update', locale: 'en_GB', parameters: ['{topic}', '{text}'] },
    })
    const { handle, sent } = fanOut(['whatsapp.447700900010'], { feeds: { MSFT } })
    await handle(page)
    expect(sent[0]?.template?.parameters).toEqual(['MSFT', '{text}'])
    expect(sent[0]?.id).not.toContain('447700900010')
  })

  it('drops and counts a page that comes after the next update was due', async () => {
    const { handle, sent, dropped } = fanOut(['sms.447700900010'], { now: 11_000 })
    await handle(page)
    expect(sent).toEqual([])
    expect(dropped()).toBe(1)
  })
})
