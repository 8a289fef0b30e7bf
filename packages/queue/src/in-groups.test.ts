import { expect, it } from 'vitest'

import { inGroups } from './in-groups.ts'

/** A Redis that answers when it is told to. */
function createServer() {
  const sent: { job: string; answer: PromiseWithResolvers<void> }[] = []
  const producer = inGroups<string>({
    enqueue(job) {
      const answer = Promise.withResolvers<void>()
      sent.push({ job, answer })
      return answer.promise
    },
  })
  const endings: string[] = []
  return {
    sent: () => sent.map(({ job }) => job),
    endings,
    add: (job: string) => {
      producer.enqueue(job).then(
        () => endings.push(job),
        (error: Error) => endings.push(`${job}: ${error.message}`),
      )
    },
    async answer(job: string, problem?: string) {
      const found = sent.find((each) => each.job === job)
      if (problem) found?.answer.reject(new Error(problem))
      else found?.answer.resolve()
      await new Promise(setImmediate)
    },
  }
}

it('sends a lone job at once, and those that come meanwhile together', async () => {
  const server = createServer()
  server.add('a')
  expect(server.sent()).toEqual(['a'])
  for (const job of ['b', 'c', 'd']) server.add(job)
  expect(server.sent()).toEqual(['a'])
  await server.answer('a')
  expect(server.sent()).toEqual(['a', 'b', 'c', 'd'])
  server.add('e')
  await server.answer('b')
  await server.answer('c')
  expect(server.sent()).toHaveLength(4)
  await server.answer('d')
  expect(server.sent()).toEqual(['a', 'b', 'c', 'd', 'e'])
  await server.answer('e')
  server.add('f')
  expect(server.sent()).toHaveLength(6)
})

it('answers each by its own: a refusal is told to one, and stops nobody', async () => {
  const server = createServer()
  for (const job of ['a', 'b', 'c']) server.add(job)
  await server.answer('a', 'OOM')
  await server.answer('b', 'OOM')
  await server.answer('c')
  server.add('d')
  await server.answer('d')
  expect(server.endings).toEqual(['a: OOM', 'b: OOM', 'c', 'd'])
})

it('waits no longer than a moment for a Redis that does not answer', async () => {
  const server = createServer()
  for (const job of ['a', 'b', 'c']) server.add(job)
  await expect.poll(server.sent).toEqual(['a', 'b', 'c'])
})
