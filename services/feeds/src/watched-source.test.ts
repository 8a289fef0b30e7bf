import { feed } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { createWatchedSource } from './watched-source.ts'

const http = feed.parse({ source: 'http', everySeconds: 10, url: 'https://prices.example/', field: 'price' })

it('a source that is dead for many ticks is one fault and one line in the log, until it answers', async () => {
  const answers: (string | Error)[] = [new Error('answered 500'), new Error('no answer'), '420', new Error('again')]
  const logged: object[] = []
  let fault: { count: number; reason: string } | undefined
  const read = createWatchedSource({
    read: async () => {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    faults: {
      add: async (_, { at, reason }) => {
        const next = { since: at, at, reason, count: (fault?.count ?? 0) + 1 }
        fault = next
        return next
      },
      clear: async () => void (fault = undefined),
    },
    now: () => 0,
    log: { error: (fields) => void logged.push(fields) },
    count: () => undefined,
  })
  expect(await read(http, undefined, 'MSFT')).toBeUndefined()
  expect(await read(http, undefined, 'MSFT')).toBeUndefined()
  expect(fault).toMatchObject({ count: 2, reason: 'no answer' })
  expect(logged).toHaveLength(1)
  expect(await read(http, undefined, 'MSFT')).toBe('420')
  expect(fault).toBeUndefined()
  await read(http, undefined, 'MSFT')
  expect(logged).toHaveLength(2)
})
