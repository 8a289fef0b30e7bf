import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { sendCsv } from './send-csv.ts'

it('a file shows nobody a link that acts, as no page does', async () => {
  const app = fastify()
  const link = 'https://a.example/a/0-alert-Zk3v9aaaaaaa.tl3k2a.abcdefghijklmnopqrst_-'
  async function* rows() {
    yield 'id,text\r\n'
    yield `al-1,look at ${link}\r\n`
  }
  app.get('/', (_request, reply) => sendCsv(reply, 'alerts', rows()))
  const { body, headers } = await app.inject('/')
  expect(body).toBe('id,text\r\nal-1,look at https://a.example/a/••••••\r\n')
  expect(headers).toMatchObject({ 'cache-control': 'no-store' })
})
