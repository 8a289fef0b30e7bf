import { z } from 'zod'

import { CommandError } from './command-error.ts'

const alertView = z.object({
  id: z.string(),
  code: z.string(),
  state: z.enum(['walking', 'attended', 'exhausted', 'cancelled']),
  text: z.string(),
  current: z.object({ user: z.string(), channel: z.string(), dueAt: z.string() }).nullable(),
  attendedBy: z.object({ how: z.string(), user: z.string().nullable(), channel: z.string().nullable() }).nullable(),
  timeline: z.array(
    z.object({
      at: z.string(),
      event: z.string(),
      user: z.string().nullable(),
      channel: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
})
export type AlertView = z.infer<typeof alertView>

const started = z.object({ id: z.string(), warnings: z.array(z.object({ field: z.string(), message: z.string() })) })
const listed = z.object({ open: z.number(), alerts: z.array(alertView) })
const problem = z.object({
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
})

export type Api = ReturnType<typeof createApi>

/** The HTTP API as the commands need it. Everything that goes wrong is a CommandError with a sentence for people. */
export function createApi(url: string, token: string) {
  const call = async (method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> => {
    const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }
    try {
      const response = await fetch(new URL(path, url), {
        method,
        headers,
        signal: AbortSignal.timeout(10_000),
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return { status: response.status, json: await response.json().catch(() => undefined) }
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
      throw new CommandError(`Switchboard does not answer at ${url} (${cause}). Is it running? npm start`)
    }
  }
  const demand = async <Answer>(schema: z.ZodType<Answer>, method: string, path: string, body?: object) => {
    const { status, json } = await call(method, path, body)
    if (status < 300) return schema.parse(json)
    const known = problem.safeParse(json)
    if (!known.success) throw new CommandError(`Switchboard answered ${status}.`)
    const fields = known.data.errors.map(({ field, message }) => `  ${field}: ${message}`)
    throw new CommandError(fields.length > 0 ? `Not sent:\n${fields.join('\n')}` : known.data.detail)
  }
  return {
    start: (body: object) => demand(started, 'POST', '/api/alerts', body),
    /** Undefined while the alert has not begun. */
    async get(id: string): Promise<AlertView | undefined> {
      const { status, json } = await call('GET', `/api/alerts/${encodeURIComponent(id)}`)
      if (status === 200) return alertView.parse(json)
      if (status === 404) return undefined
      throw new CommandError(
        status === 401 ? 'The API token is not right. Give it with --token.' : `Switchboard answered ${status}.`,
      )
    },
    list: () => demand(listed, 'GET', '/api/alerts'),
    acknowledge: (id: string, by: string | undefined) =>
      demand(z.unknown(), 'POST', `/api/alerts/${encodeURIComponent(id)}/acknowledge`, by === undefined ? {} : { by }),
    cancel: (id: string) => demand(z.unknown(), 'DELETE', `/api/alerts/${encodeURIComponent(id)}`),
  }
}
