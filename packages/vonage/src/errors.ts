import { PermanentError } from '@switchboard/contracts'

/** The request never left, or was turned away for now: sending it again cannot double it. */
export class NotSentError extends Error {
  override name = 'NotSentError'
}

/** Vonage answered 5xx (or SMS API status 5). */
export class ProviderUnavailableError extends NotSentError {
  override name = 'ProviderUnavailableError'
  readonly httpStatus: number

  constructor(message: string, httpStatus: number) {
    super(message)
    this.httpStatus = httpStatus
  }
}

/** Vonage answered no, and would again. */
export class RefusedError extends PermanentError {
  override name = 'RefusedError'
  /** The fragment of the problem type, an SMS API status, or a word of ours. For people: do not branch on it. */
  readonly code: string
  readonly reason: string
  /** Undefined when we refused it ourselves, before any request. */
  readonly httpStatus: number | undefined
  /** Nothing is wrong with the message: credentials, balance or the account are. */
  readonly isOperatorProblem: boolean

  constructor(refusal: Refusal) {
    super(`refused: ${refusal.reason} (${refusal.code})`)
    this.code = refusal.code
    this.reason = refusal.reason
    this.httpStatus = refusal.httpStatus
    this.isOperatorProblem = refusal.isOperatorProblem ?? false
  }
}

export interface Refusal {
  code: string
  reason: string
  httpStatus?: number
  isOperatorProblem?: boolean
}

/** The request went out and no usable answer came: the message may have been sent. Never send it again blindly. */
export class OutcomeUnknownError extends Error {
  override name = 'OutcomeUnknownError'
}
