import type { InboundMessage } from '@switchboard/contracts'
import type { SmsParts } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { isComplete, joinParts } from './join-parts.ts'
import { createReceive, createReceivePartial } from './receive.ts'
import type { Route } from './route-message.ts'

const message: InboundMessage = {
  id: 'in-1',
  channel: 'sms',
  from: '447700900010',
  to: '447700900000',
  kind: 'text',
  text: 'MSFT',
  sentAt: 1_000,
  receivedAt: 1_500,
}

function part(number: number, text: string | null, receivedAt = 0): InboundMessage {
  return { ...message, id: `p${number}`, text, receivedAt, part: { reference: '7', total: 3, number } }
}

describe('joinParts', () => {
  const [one, two, three] = [part(1, 'please send ', 30), part(2, 'me MS', 10), part(3, 'FT', 20)]

  it.each<[string, InboundMessage[], string, boolean]>([
    ['all of them', [one, two, three], 'please send me MSFT', true],
    ['one missing in the middle', [one, three], 'please send …FT', false],
    ['one missing at the end', [one, two], 'please send me MS…', false],
    ['one without text', [one, part(2, null), three], 'please send FT', true],
  ])('%s', (_, parts, text, complete) => {
    const set = { id: 'p2', parts }
    expect(isComplete(set)).toBe(complete)
    expect(joinParts(set)).toMatchObject({ text, from: '447700900010', receivedAt: 30 })
    expect(joinParts(set)).not.toHaveProperty('part')
  })

  it('is the same message whether complete or not', () => {
    expect(joinParts({ id: 'p2', parts: [one, two] }).id).toBe(joinParts({ id: 'p2', parts: [one, two, three] }).id)
  })
})

function receiving() {
  const log: string[] = []
  const processed = new Set<string>()
  const set: SmsParts = { id: 'p2', parts: [] }
  const deps = {
    inbound: {
      addPart: async (added: InboundMessage) => {
        if (!set.parts.some(({ id }) => id === added.id)) set.parts.push(added)
        return { ...set, parts: set.parts.toSorted((a, b) => (a.part?.number ?? 0) - (b.part?.number ?? 0)) }
      },
      parts: async () => set,
      isProcessed: async (id: string) => processed.has(id),
      markProcessed: async (id: string) => void processed.add(id),
      openWindow: async (contact: object, at: number) => void log.push(`window ${JSON.stringify(contact)} ${at}`),
    },
    partialSms: {
      enqueue: async (_: InboundMessage, { delayMs }: { delayMs: number }) => void log.push(`wait ${delayMs}`),
    },
    router: {
      decide: async () => ({ kind: 'silence' as const }),
      follow: async (_: Route, { text }: InboundMessage) => void log.push(`route ${text}`),
    },
    now: () => 2_000,
    log: { info: () => undefined, warn: () => undefined },
  }
  const routed = () => log.filter((line) => line.startsWith('route'))
  return { receive: createReceive(deps), receivePartial: createReceivePartial(deps), deps, log, routed, processed }
}

describe('createReceive', () => {
  it('opens the window of the contact, then routes the message', async () => {
    const { receive, log } = receiving()
    await receive(message)
    expect(log).toEqual(['window {"channel":"sms","address":"447700900010"} 1000', 'route MSFT'])
  })

  it('routes a message once', async () => {
    const { receive, routed } = receiving()
    await receive(message)
    await receive(message)
    expect(routed()).toEqual(['route MSFT'])
  })

  it('routes it again when it failed before its end', async () => {
    const { deps, log, routed } = receiving()
    const failing = createReceive({
      ...deps,
      router: { ...deps.router, follow: () => Promise.reject(new Error('Redis is away')) },
    })
    await expect(failing(message)).rejects.toThrow('Redis is away')
    await createReceive(deps)(message)
    expect(routed()).toEqual(['route MSFT'])
    expect(log).toHaveLength(3)
  })

  it('joins parts in any order; one that comes twice changes nothing', async () => {
    const { receive, routed, log } = receiving()
    for (const each of [part(3, 'c'), part(1, 'a'), part(1, 'a'), part(2, 'b'), part(2, 'b')]) await receive(each)
    expect(routed()).toEqual(['route abc'])
    expect(log).toContain('wait 300000')
  })

  it('routes what is here when the wait for the rest is over, once', async () => {
    const { receive, receivePartial, routed } = receiving()
    await receive(part(1, 'a'))
    await receive(part(3, 'c'))
    await receivePartial(part(1, 'a'))
    await receivePartial(part(3, 'c'))
    await receive(part(2, 'b'))
    expect(routed()).toEqual(['route a…c'])
  })

  it('has nothing to do for parts that belong to a newer message by now', async () => {
    const { receive, receivePartial, routed } = receiving()
    await receive(part(1, 'a'))
    await receivePartial({ ...part(1, 'old'), id: 'other' })
    expect(routed()).toEqual([])
  })
})
