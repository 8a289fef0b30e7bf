import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { answerError } from './answer-error.ts'
import { Refusal } from './refusal.ts'

it('what failed is in the log by its route: addresses of people are part of the address of their page', async () => {
  const lines: string[] = []
  const app = fastify({
    disableRequestLogging: true,
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, { render: () => '' }))
  app.get('/people/:id', () => Promise.reject(new Error('Redis is broken')))
  expect((await app.inject('/people/tel.447700900123?name=Ada')).statusCode).toBe(500)
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'request.failed', route: '/people/:id' }])
  expect(lines.join('')).not.toMatch(/447700900123|Ada/)
})

it.each([
  ['http://console.test/account/second-factor?step=2', '/account/second-factor?step=2'],
  ['http://elsewhere.test/account', undefined],
  ['http://console.test//elsewhere.test', '/'],
  [undefined, undefined],
])('whose form was refused is led back to it: %s', async (referer, back) => {
  const rendered: object[] = []
  const app = fastify()
  const render = (_template: string, data: object) => String(rendered.push(data))
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, { render }))
  app.post('/account/second-factor', () => Promise.reject(new Refusal(422, 'Not the code', 'Type it again.')))
  const headers = { host: 'console.test', accept: 'text/html', ...(referer ? { referer } : {}) }
  await app.inject({ method: 'POST', url: '/account/second-factor', headers })
  expect(rendered).toMatchObject([{ title: 'Not the code', back }])
})
