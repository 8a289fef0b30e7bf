import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'

import type { Feed } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { pickField } from './pick-field.ts'
import { nextPrice } from './random-walk.ts'
import { schedulesOf } from './schedules-of.ts'
import { readSource } from './sources.ts'

describe('pickField', () => {
  const answer = { data: { prices: [{ last: 420.5 }], open: true, name: 'MSFT', none: null } }

  it.each([
    ['data.prices.0.last', '420.5'],
    ['data.open', 'true'],
    ['data.name', 'MSFT'],
    ['data.prices', undefined],
    ['data.none', undefined],
    ['data.prices.1.last', undefined],
    ['data.name.length.x', undefined],
    ['constructor.name', undefined],
    ['data.__proto__.x', undefined],
  ])('%s is %s', (path, expected) => expect(pickField(answer, path)).toBe(expected))
})

it('a step of the random walk is at most half a percent, and never free of charge', () => {
  expect(nextPrice(420, 0)).toBe(417.9)
  expect(nextPrice(420, 0.5)).toBe(420)
  expect(nextPrice(420, 1)).toBe(422.1)
  expect(nextPrice(0.01, 0)).toBe(0.01)
})

it('only topics that are asked have a schedule', () => {
  const push: Feed = { source: 'push', everySeconds: 60, text: '{value}' }
  const simulated: Feed = { source: 'simulated', everySeconds: 10, start: 420, text: '{value}' }
  expect(schedulesOf({ MSFT: simulated, NEWS: push })).toEqual([
    { id: 'MSFT', everyMs: 10_000, payload: { topic: 'MSFT' } },
  ])
})

describe('a simulated source', () => {
  const feed: Feed = { source: 'simulated', everySeconds: 10, start: 420, text: '{value}' }

  it.each([
    ['begins at its start', undefined, 420],
    ['goes on from the last value', '500.00', 500],
    ['begins anew after a value that is no price', 'halted', 420],
    ['begins anew after an empty value', '', 420],
  ])('%s', async (_, previous, near) => {
    const value = Number(await readSource(feed, previous))
    expect(Math.abs(value - near)).toBeLessThanOrEqual(near * 0.005 + 0.01)
  })
})

const httpFeed = {
  source: 'http',
  everySeconds: 10,
  field: 'price',
  headers: {},
  onlyOnChange: false,
  text: '{value}',
} as const

describe('an HTTP source', () => {
  const feed = httpFeed

  it('is asked with its headers and gives the field', async () => {
    await using source = await startSource((response, headers) =>
      response.end(JSON.stringify({ price: headers['x-key'] })),
    )
    expect(await readSource({ ...feed, url: source.url, headers: { 'x-key': '7' } }, undefined)).toBe('7')
  })

  it('has nothing to send when it is to tell of changes only', async () => {
    await using source = await startSource((response) => response.end('{"price": 420}'))
    const onChange: Feed = { ...feed, url: source.url, onlyOnChange: true }
    expect(await readSource(onChange, '420')).toBeUndefined()
    expect(await readSource(onChange, '419')).toBe('420')
    expect(await readSource({ ...feed, url: source.url }, '420')).toBe('420')
  })

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['an error', (response) => response.writeHead(500).end('{"price": 1}'), 'answered 500'],
    ['no JSON', (response) => response.end('<html>'), 'JSON'],
    ['no such field', (response) => response.end('{"cost": 1}'), 'no value at "price"'],
    [
      'a value that is too long',
      (response) => response.end(JSON.stringify({ price: 'x'.repeat(1_001) })),
      'longer than',
    ],
    ['too much', (response) => response.end('x'.repeat(1_100_000)), 'larger than'],
    ['half an answer', (response) => response.write('{"pri', () => response.destroy()), ''],
  ])('that answers with %s fails', async (_, answer, message) => {
    await using source = await startSource(answer)
    await expect(readSource({ ...feed, url: source.url }, undefined)).rejects.toThrow(message)
  })
})

it('a source that answers one byte at a time is given up', async () => {
  let drip: NodeJS.Timeout | undefined
  await using source = await startSource((response) => {
    response.writeHead(200)
    drip = setInterval(() => response.write(' '), 20)
  })
  const url = source.url
  const dripping = readSource({ ...httpFeed, url }, undefined, { wholeMs: 300 })
  await expect(dripping).rejects.toThrow(/timeout/)
  clearInterval(drip)
})

async function startSource(answer: (response: ServerResponse, headers: NodeJS.Dict<string | string[]>) => void) {
  const server = createServer((request, response) => answer(response, request.headers))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
