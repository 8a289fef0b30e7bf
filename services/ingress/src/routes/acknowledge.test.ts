import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { show } from './acknowledge.ts'

it('the page of one person shows nobody the link of another, who may have quoted theirs', async () => {
  const app = fastify()
  const theirs = 'https://a.example/a/1-alert-Zk3v9aaaaaaa.tl3k2a.abcdefghijklmnopqrst_-'
  app.get('/', (_request, reply) => show(reply, `<p>Ann: is it ${theirs}?</p>`))
  const { body, headers } = await app.inject('/')
  expect(body).toBe('<p>Ann: is it https://a.example/a/••••••?</p>')
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
})
