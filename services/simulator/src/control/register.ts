import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { requireOwnPage } from './own-page.ts'
import { ControlError, type ControlRoute } from './route.ts'

const PREFIX = '/control'
/** A saved situation has all its threads. */
const LARGEST_BODY = 16_777_216
const strings = z.record(z.string(), z.string())

/** `requireMore` throws a ControlError for requests that these routes shall not answer. */
export async function registerControl(
  app: FastifyInstance,
  routes: readonly ControlRoute[],
  requireMore: (request: FastifyRequest) => void = () => undefined,
): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler(async (error, _request, reply) => {
      const isOurs = error instanceof ControlError
      const status = isOurs ? error.status : statusOf(error)
      const title = error instanceof Error ? error.message : 'Internal error'
      const parameters = isOurs && error.parameters.length > 0 ? { invalid_parameters: error.parameters } : {}
      const problem = { type: 'about:blank', status, title, ...parameters }
      await reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify(problem))
    })
    scope.addHook('onRequest', async (request) => {
      requireOwnPage(request)
      requireMore(request)
    })
    // An empty body with a JSON content type is what many clients send with DELETE and POST.
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, body === '' ? undefined : JSON.parse(String(body)))
      } catch {
        done(new ControlError(400, 'The body is not JSON'))
      }
    })
    for (const route of routes) {
      scope.route({
        method: route.method,
        url: `${PREFIX}${route.path}`,
        bodyLimit: LARGEST_BODY,
        handler: async (request, reply) => {
          const params = strings.parse(request.params)
          const result = await route.handle({ params, query: request.query, body: request.body })
          if (result === undefined) return reply.code(204).send()
          return reply.send(result)
        },
      })
    }
  })
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500
  return typeof error.statusCode === 'number' ? error.statusCode : 500
}

/** The control API in OpenAPI 3.1, made from the routes themselves. */
export function describeControl(routes: readonly ControlRoute[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = `${PREFIX}${route.path.replaceAll(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchboard simulator: control API',
      version: '1.0.0',
      description: 'Drives the simulated Vonage: phones, calls, faults and the clock. For development; no login.',
    },
    paths,
  }
}

function describeOperation(route: ControlRoute): object {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const inQuery = route.query
    ? [{ name: 'query', in: 'query', style: 'form', explode: true, schema: schemaOf(route.query) }]
    : []
  const body = route.body ? { requestBody: { content: { 'application/json': { schema: schemaOf(route.body) } } } } : {}
  return {
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...body,
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: {} } } },
      422: {
        description: 'Refused, with the name of the field',
        content: { 'application/problem+json': { schema: {} } },
      },
    },
  }
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}
