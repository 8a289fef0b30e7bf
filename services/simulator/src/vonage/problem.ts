import { randomBytes } from 'node:crypto'

export interface InvalidParameter {
  name: string
  reason: string
}

/** An answer in the form of RFC 7807 as the newer APIs give it. */
export interface Problem {
  status: number
  type: string
  title: string
  detail: string
  invalidParameters?: InvalidParameter[]
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body: unknown
  /** In place of a body in JSON. */
  file?: Buffer
  /** Ids of what was made: for the log. */
  about?: string[]
}

const errorsUrl = 'https://developer.vonage.com/api-errors'

export function answerProblem(problem: Problem, headers: Record<string, string> = {}): Answer {
  const { status, type, title, detail, invalidParameters } = problem
  return {
    status,
    headers: { 'content-type': status === 422 ? 'application/json' : 'application/problem+json', ...headers },
    body: {
      type,
      title,
      detail,
      instance: randomBytes(16).toString('hex'),
      ...(invalidParameters ? { invalid_parameters: invalidParameters } : {}),
    },
  }
}

/** Problems that every JSON API of Vonage answers with; the spelling of titles and types is theirs. */
export const problems = {
  unauthorized: {
    status: 401,
    type: `${errorsUrl}/#unathorized`,
    title: 'You did not provide correct credentials.',
    detail: 'Check that the credentials are correct and that the account has this feature enabled.',
  },
  expired: {
    status: 401,
    type: `${errorsUrl}#jwt-expired`,
    title: 'You did not provide correct credentials.',
    detail: 'The token has expired.',
  },
  unprovisioned: {
    status: 401,
    type: `${errorsUrl}/#unprovisioned`,
    title: 'The crendentials provided do not have access to the requested product',
    detail: 'Check the API key and that the account is on the allow list of this product.',
  },
  lowBalance: {
    status: 402,
    type: `${errorsUrl}/#low-balance`,
    title: 'Low balance',
    detail: 'The account balance is too low to send this message.',
  },
  throttled: {
    status: 429,
    type: `${errorsUrl}/messages#1000`,
    title: 'Rate Limit Hit',
    detail: 'Please wait, then retry your request.',
  },
  internal: {
    status: 500,
    type: `${errorsUrl}/messages#1000`,
    title: 'Internal error',
    detail: 'There was an error processing your request in the platform.',
  },
} as const satisfies Record<string, Problem>

export function notFound(id: string): Problem {
  return { status: 404, type: `${errorsUrl}#not-found`, title: 'Not Found', detail: `Message with ID ${id} not found` }
}

/** Of a path or a method that no API here has; `guess` says what it might have been. */
export function unknownPath(method: string, url: string, guess: string | null): Problem {
  const hint = guess === null ? '' : `: perhaps ${guess}`
  return {
    status: 404,
    type: `${errorsUrl}#not-found`,
    title: 'Not Found',
    detail: `There is no ${method} ${url.split('?')[0]}${hint}`,
  }
}

/** Of a request that could not even be read, too large for example. */
export function unreadable(error: unknown): Problem {
  const given = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : null
  const status = typeof given === 'number' ? given : 500
  const detail = error instanceof Error ? error.message : 'The request cannot be read'
  return status < 500
    ? { status, type: `${errorsUrl}#invalid-params`, title: 'Bad Request', detail }
    : { ...problems.internal, detail }
}

export function invalidJson(detail: string): Problem {
  return {
    status: 422,
    type: `${errorsUrl}#invalid-json`,
    title: 'The request body did not contain valid JSON',
    detail,
  }
}

/** The problem for a bare HTTP status, for scripted faults. */
export function problemForStatus(status: number): Problem {
  switch (status) {
    case 401:
      return problems.unauthorized
    case 402:
      return problems.lowBalance
    case 429:
      return problems.throttled
    default:
      return status >= 500
        ? { ...problems.internal, status }
        : { status, type: `${errorsUrl}#${status}`, title: 'Request refused', detail: 'Scripted by a fault.' }
  }
}
