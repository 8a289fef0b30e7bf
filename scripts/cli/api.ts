import { z } from 'zod'

import { CommandError } from './command-error.ts'

/** Loose: --json prints what the API answers, also what is newer than this command. */
const alertView = z.looseObject({
  id: z.string(),
  code: z.string(),
  state: z.enum(['walking', 'attended', 'exhausted', 'cancelled']),
  text: z.string(),
  current: z.looseObject({ user: z.string(), channel: z.string(), dueAt: z.string() }).nullable(),
  attendedBy: z
    .looseObject({ how: z.string(), at: z.string(), user: z.string().nullable(), channel: z.string().nullable() })
    .nullable(),
  timeline: z.array(
    z.looseObject({
      at: z.string(),
      event: z.string(),
      user: z.string().nullable(),
      channel: z.string().nullable(),
      reason: z.string().nullable(),
      by: z.string().nullish(),
    }),
  ),
})
export type AlertView = z.infer<typeof alertView>

const started = z.object({ id: z.string(), warnings: z.array(z.object({ field: z.string(), message: z.string() })) })
const accepted = z.object({ id: z.string() })
const done = z.object({ id: z.string(), outcome: z.string().nullable() })
/** Older ones do not say how many nobody answered. */
const listed = z.object({ open: z.number(), unanswered: z.number().default(0), alerts: z.array(alertView) })
const tokenView = z.looseObject({
  name: z.string(),
  state: z.string(),
  scopes: z.array(z.string()).nullable(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
})
export type TokenView = z.infer<typeof tokenView>
const problem = z.looseObject({
  title: z.string(),
  status: z.number().optional(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

/** Not now: whoever waits for something asks again. */
export class UnavailableError extends CommandError {}

export type Api = ReturnType<typeof createApi>

/** The HTTP API as the commands need it. Everything that goes wrong is a CommandError with a sentence for people. */
export function createApi(url: string, token: string) {
  const ask = async <Answer>(schema: z.ZodType<Answer>, method: string, path: string, body?: object) => {
    const response = await call(new URL(path, url), token, method, body)
    const json: unknown = await response.json().catch(() => undefined)
    if (response.ok) {
      const answer = schema.safeParse(json)
      if (answer.success) return answer.data
      throw new CommandError(`What answers at ${url} is not Switchboard. Give its address with --url.`)
    }
    throw toError(response.status, json, url)
  }
  return {
    start: (body: object) => ask(started, 'POST', '/api/alerts', body),
    /** By its id or code. */
    get: (alert: string): Promise<AlertView> => ask(alertView, 'GET', alertPath(alert)),
    list: () => ask(listed, 'GET', '/api/alerts?limit=100'),
    acknowledge: (alert: string, by: string) => ask(accepted, 'POST', alertPath(alert, '/acknowledge'), { by }),
    /** Whatever people do with an alert. */
    act: (alert: string, name: string, body: object) => ask(done, 'POST', alertPath(alert, `/${name}`), body),
    cancel: (alert: string) => ask(accepted, 'DELETE', alertPath(alert)),
    listTokens: () => ask(z.object({ tokens: z.array(tokenView) }), 'GET', '/api/tokens'),
    createToken: (body: object) => ask(tokenView.extend({ token: z.string() }), 'POST', '/api/tokens', body),
    revokeToken: (name: string) => ask(tokenView, 'DELETE', `/api/tokens/${encodeURIComponent(name)}`),
  }
}

function alertPath(alert: string, action = ''): string {
  return `/api/alerts/${encodeURIComponent(alert)}${action}`
}

const TIMEOUT_MS = 10_000

async function call(url: URL, token: string, method: string, body: object | undefined): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }
  const content = body ? { body: JSON.stringify(body) } : {}
  try {
    return await fetch(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS), ...content })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new UnavailableError(`Switchboard does not answer at ${url.origin} (${cause}). Is it running? npm start`, {
      title: 'No answer',
    })
  }
}

function toError(status: number, json: unknown, url: string): CommandError {
  const known = problem.safeParse(json)
  const said = known.success ? known.data : { title: 'Not done', status, detail: `${url} answered ${status}.` }
  if (status === 401) return new CommandError(`${said.detail} Give one that is good with --token.`, said)
  if (status >= 500) return new UnavailableError(`${said.detail}${known.success ? '' : ' Is it Switchboard?'}`, said)
  const fields = said.errors?.map(({ field, message }) => `  ${field}: ${message}`) ?? []
  return new CommandError(fields.length > 0 ? `Not done:\n${fields.join('\n')}` : said.detail, said)
}
