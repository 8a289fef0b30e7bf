import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { z } from 'zod'

import { createRecords } from '../../packages/store/src/records.ts'
import { claimDatabase } from '../support/test-database.ts'
import type { TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await claimDatabase(inject('redisUrl'))
})
afterAll(() => database?.[Symbol.asyncDispose]())
beforeEach(() => database.flush())

const schema = z.object({ state: z.string(), note: z.string().optional() })
const key = (id: string) => `record:${id}`
const records = () => createRecords(database.client, { schema, key, ttlSeconds: () => undefined })
const written = async (): Promise<unknown> => JSON.parse((await database.client.get(key('1'))) ?? 'null')

it.each([
  ['with a version', { v: 7, state: 'a', note: 'x', addedLater: { deep: [1] } }, 8],
  ['from before there were versions', { state: 'a', note: 'x', addedLater: { deep: [1] } }, 1],
])('what a newer version has written beside it stays: %s', async (_name, record, version) => {
  await database.client.set(key('1'), JSON.stringify(record))
  await records().update('1', (current) => ({ next: { ...current, state: 'b' }, result: undefined }))
  expect(await written()).toEqual({ v: version, state: 'b', note: 'x', addedLater: { deep: [1] } })
})

it('also through several changes of what is known already, and what is removed on purpose is gone', async () => {
  await database.client.set(key('1'), JSON.stringify({ v: 1, state: 'a', note: 'x', addedLater: 1 }))
  const store = records()
  const first = await store.update('1', (current) => {
    const next = { state: 'b', note: current?.note ?? '' }
    return { next, result: next }
  })
  await store.updateFrom(first, '1', () => ({ next: { state: 'c' }, result: undefined }))
  expect(await written()).toEqual({ v: 3, state: 'c', addedLater: 1 })
})
