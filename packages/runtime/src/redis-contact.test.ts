import { Redis } from 'ioredis'
import { expect, it } from 'vitest'

import { createRedisContact } from './redis-contact.ts'

/** A connection that does what it is told; `looks` are five seconds apart. */
function connection() {
  const client = new Redis({ lazyConnect: true })
  const contact = createRedisContact(client)
  const after = (looks: number) => {
    for (let look = 0; look < looks; look += 1) contact.look()
    return contact.problem()
  }
  return { client, after }
}

it('is well while it is connected, however little there is to say', () => {
  const { client, after } = connection()
  client.emit('ready')
  expect(after(100)).toBeUndefined()
})

it('is well while it tries to connect', () => {
  const { client, after } = connection()
  client.emit('ready')
  client.emit('close')
  for (let attempt = 0; attempt < 10; attempt += 1) {
    client.emit('reconnecting')
    expect(after(2)).toBeUndefined()
  }
})

it('is not well when it is away and nobody tries any more', () => {
  const { client, after } = connection()
  client.emit('ready')
  expect(after(10)).toBeUndefined()
  client.emit('close')
  // The close itself was a sign of life.
  expect(after(3)).toBeUndefined()
  expect(after(1)).toMatch(/has not tried to reach Redis/)
  client.emit('ready')
  expect(after(0)).toBeUndefined()
})
