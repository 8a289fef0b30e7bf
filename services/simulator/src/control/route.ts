import { z } from 'zod'

/** One operation of the control API: served, checked and described in OpenAPI from this one place. */
export interface ControlRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** In Fastify's form: `/phones/:channel`. */
  path: string
  summary: string
  body?: z.ZodType
  query?: z.ZodType
  handle(input: RouteInput): unknown
}

export interface RouteInput {
  params: Record<string, string>
  query: unknown
  body: unknown
}

interface RouteDefinition<Body, Query> {
  method: ControlRoute['method']
  path: string
  summary: string
  body?: z.ZodType<Body>
  query?: z.ZodType<Query>
  handle(input: { params: Record<string, string>; query: Query; body: Body }): unknown
}

export function controlRoute<Body = undefined, Query = undefined>(
  definition: RouteDefinition<Body, Query>,
): ControlRoute {
  const { body, query } = definition
  const { method, path, summary } = definition
  return {
    method,
    path,
    summary,
    ...(body ? { body } : {}),
    ...(query ? { query } : {}),
    handle: (input) =>
      definition.handle({
        params: input.params,
        query: parse(query, input.query),
        body: parse(body, input.body ?? {}),
      }),
  }
}

/** A request to the control API that cannot be done; becomes problem+json. */
export class ControlError extends Error {
  readonly status: number
  readonly parameters: { name: string; reason: string }[]

  constructor(status: number, message: string, parameters: { name: string; reason: string }[] = []) {
    super(message)
    this.name = 'ControlError'
    this.status = status
    this.parameters = parameters
  }
}

function parse<T>(schema: z.ZodType<T> | undefined, value: unknown): T {
  const chosen = schema ?? z.custom<T>(() => true)
  const parsed = chosen.safeParse(value)
  if (parsed.success) return parsed.data
  const parameters = parsed.error.issues.map((issue) => ({ name: issue.path.join('.'), reason: issue.message }))
  throw new ControlError(422, 'The request is not valid', parameters)
}
