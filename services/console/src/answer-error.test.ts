import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { answerError } from './answer-error.ts'

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
