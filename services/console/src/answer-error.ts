import { isRedisAway } from '@switchboard/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { safeTarget } from './auth/safe-target.ts'
import { Refusal } from './refusal.ts'
import type { Pages } from './render.ts'

/** How long a page waits before it asks for what could not be read. */
const RETRY_SECONDS = 5

/** Says in a page, or to a program, why something was not done. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  pages: Pick<Pages, 'render'>,
): FastifyReply {
  const { statusCode, title, message } = toRefusal(error)
  const retrySeconds = statusCode === 503 && request.method === 'GET' ? RETRY_SECONDS : undefined
  if (statusCode >= 500) request.log.error({ error, route: request.routeOptions.url }, 'request.failed')
  void reply.code(statusCode).header('cache-control', 'no-store')
  if (statusCode === 503) void reply.header('retry-after', RETRY_SECONDS)
  const wantsHtml = (request.headers.accept ?? '').includes('text/html') || request.headers['hx-request']
  if (!wantsHtml) {
    return reply.type('application/problem+json').send(JSON.stringify({ title, status: statusCode, detail: message }))
  }
  const template = request.headers['hx-request'] ? 'problem' : 'error'
  return reply
    .type('text/html; charset=utf-8')
    .send(pages.render(template, { title, message, retrySeconds, back: formOf(request) }))
}

/** The page whose form was refused. */
function formOf({ method, headers }: FastifyRequest): string | undefined {
  const page = method === 'GET' ? null : URL.parse(headers.referer ?? '')
  return page && page.host === headers.host ? safeTarget(page.pathname + page.search) : undefined
}

function toRefusal(error: unknown): { statusCode: number; title: string; message: string } {
  if (error instanceof Refusal) return error
  if (isRedisAway(error)) {
    const message = 'Redis does not answer, and all that is shown here lies in it. Everything comes back with it.'
    return { statusCode: 503, title: 'Redis is away', message }
  }
  const statusCode = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (error instanceof Error && statusCode < 500) return { statusCode, title: 'Not possible', message: error.message }
  return {
    statusCode: 500,
    title: 'Something went wrong',
    message: 'The console could not read what you asked for.',
  }
}
