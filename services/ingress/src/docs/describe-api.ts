import swagger from '@fastify/swagger'
import { scopes } from '@switchboard/contracts'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

import { docsRoute } from './docs-route.ts'
import { exampleOf } from './example-of.ts'

/** As problem.ts answers. */
const example = { type: 'about:blank', title: 'Not valid', status: 422, detail: 'text: is missing' }

const failure = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
})
const failures = {
  '4XX': failure('Not done, and it would not be the next time: says why'),
  '5XX': failure('Not done now: `Retry-After` says when to send it again'),
}

/** The description of the API at `/openapi.json`, with an example of every request and answer, and as a page at `/docs`. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      // Only since 3.1 may a bearer token have scopes.
      openapi: '3.1.0',
      info: {
        title: 'Switchboard',
        version: '0.1.0',
        description: 'Alerts, feeds, notifications and calls on Vonage.',
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: `With the scope of the operation: ${scopes.join(', ')}`,
          },
        },
        schemas: {
          Problem: {
            type: 'object',
            required: ['type', 'title', 'status', 'detail'],
            properties: {
              type: { type: 'string' },
              title: { type: 'string' },
              status: { type: 'integer' },
              detail: { type: 'string', description: 'what is wrong, in words' },
              repeatable: { type: 'boolean', description: 'on a 503: whether sending it again can do it twice' },
              errors: {
                type: 'array',
                description: 'each field that is wrong',
                items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
              },
            },
          },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route)
      const { scope } = route.route.config ?? {}
      return { schema: scope === undefined ? schema : { ...schema, security: [{ token: [scope] }] }, url }
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      for (const path of Object.values(document.openapiObject.paths ?? {})) {
        for (const operation of [path?.get, path?.post, path?.put, path?.patch, path?.delete]) {
          if (operation) complete(operation)
        }
      }
      return document.openapiObject
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  docsRoute(app)
}

interface Operation {
  requestBody?: object
  responses?: Record<string, object>
}

function complete(operation: Operation): void {
  operation.responses = { ...operation.responses, ...failures }
  for (const part of [operation.requestBody, ...Object.values(operation.responses)]) {
    if (part && hasContent(part))
      for (const media of Object.values(part.content)) media.example ??= exampleOf(media.schema)
  }
}

function hasContent(part: object): part is { content: Record<string, { schema?: unknown; example?: unknown }> } {
  return 'content' in part
}
