import type { OutboundMessage } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { badKey, fakeLedger, limited, message, sender } from './testing/world.ts'

describe('a sender that is held', () => {
  const other = { ...message, id: 'm2', to: '447700900011' }
  const another = { ...message, id: 'm3', to: '447700900012' }
  const step = { alertId: 'a', round: 0, user: 0, channel: 0 }
  const alert: OutboundMessage = { ...another, id: 'al', purpose: 'alert', about: { kind: 'alert', step } }

  async function held(refusals = 3) {
    const ledgers = new Map<string, ReturnType<typeof fakeLedger>>()
    const world = sender({ answers: Array.from({ length: refusals }, badKey) })
    const each = (id: string) => {
      const ledger = ledgers.get(id) ?? fakeLedger()
      ledgers.set(id, ledger)
      return ledger
    }
    const outcomes: unknown[] = []
    const send = async (outgoing: OutboundMessage) => {
      Object.assign(world.ledger, each(outgoing.id))
      await world.send(outgoing).catch((error: unknown) => outcomes.push(error))
    }
    await send(message)
    await send(other)
    return { ...world, send, outcomes, states: () => [...ledgers].map(([id, ledger]) => [id, ledger.state()]) }
  }

  it('loses nothing: what was refused and what comes waits for a minute', async () => {
    const { send, sent, outcomes, states, logged } = await held()
    await send(another)
    expect(sent).toHaveLength(2)
    expect(outcomes).toMatchObject([{ name: 'NotAcceptedError' }, { delayMs: 65_000 }, { delayMs: 65_000 }])
    expect(states().filter(([, state]) => state === 'refused')).toEqual([])
    expect(logged.filter((event) => event === 'sender.held')).toHaveLength(1)
  })

  it('is tried by one message a minute, each time another one', async () => {
    const { send, sent, clock } = await held(4)
    clock.now += 60_000
    for (const each of [another, message, other]) await send(each)
    expect(sent.slice(2).map(({ id }) => id)).toEqual(['m3'])
    clock.now += 60_000
    for (const each of [another, message, other]) await send(each)
    expect(sent.slice(3).map(({ id }) => id)).toEqual(['m1'])
  })

  it('opens by itself with the first message that is accepted', async () => {
    const { send, sent, clock, logged } = await held()
    clock.now += 60_000
    await send(another)
    clock.now += 60_000
    await send(message)
    await send(other)
    expect(sent.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm1', 'm2'])
    expect(logged).toContain('sender.opened')
  })

  it('gives a step of an alert up at once, so that its walk goes on', async () => {
    const { send, sent, reports } = await held()
    await send(alert)
    expect(sent).toHaveLength(2)
    expect(reports).toEqual(['dropped: held'])
  })

  it('that is limited lets messages wait as long as it was told, and no longer than they are worth sending', async () => {
    const { send, sent } = sender({ answers: [limited] })
    await expect(send(message)).rejects.toThrow()
    await expect(send({ ...other, expiresAt: 6_000 })).rejects.toMatchObject({ delayMs: 1_000 })
    expect(sent).toHaveLength(1)
  })
})
