/** The body of an error in `application/problem+json` (RFC 9457), as the API answers it. */
export interface Problem {
  title: string
  status?: number | undefined
  detail: string
  /** One for each field that is wrong. */
  errors?: { field: string; message: string }[] | undefined
}

/** A message for the person at the terminal; the command ends with exit status 1. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly problem: Problem

  /** @param problem What a program gets with --json, where that is more than the message. */
  constructor(message: string, problem: Partial<Problem> = {}) {
    super(message)
    this.problem = { title: 'Not done', detail: message, ...problem }
  }
}
