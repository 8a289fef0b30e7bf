import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { gatherWrites } from './gather-writes.ts'

test('what is written in one turn of the event loop, also by what it resolves, leaves at once', async () => {
  const left: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      left.push(chunk)
      done()
    },
    writev: (chunks, done) => {
      left.push(chunks.map(({ chunk }) => String(chunk)).join(' '))
      done()
    },
  })
  const client = Object.assign(new EventEmitter(), { stream })
  gatherWrites(client)
  client.emit('connect')

  stream.write('get')
  stream.write('set')
  await Promise.resolve().then(() => stream.write('add'))
  await turn()
  stream.write('ping')
  await turn()

  expect(left).toEqual(['get set add', 'ping'])
})
