/**
 * What became of a request that Vonage did not accept, by who can mend it:
 * - `later`: time. It was not sent; `retryAfterMs` when Vonage says so.
 * - `unknown`: nobody. It may be on its way: never send it again blindly.
 * - `refused`: nobody. Something is wrong with this message, and would be again.
 * - `account`: an operator. Nothing is wrong with the message: credentials, balance, rights or our sender are.
 */
export type NotAccepted =
  | { kind: 'later'; reason: string; retryAfterMs?: number }
  | { kind: 'unknown'; reason: string }
  | ({ kind: 'refused' } & Refusal)
  | ({ kind: 'account' } & Refusal)

export interface Refusal {
  /** The fragment of the problem type, an SMS API status, or a word of ours. For people: do not branch on it. */
  code: string
  reason: string
  /** It is the address we send from that is refused: our own, or one that a caller asked for. */
  isAboutSender?: boolean
}

/** Carries what became of a request out of the client. */
export class NotAcceptedError extends Error {
  override name = 'NotAcceptedError'
  readonly outcome: NotAccepted

  constructor(outcome: NotAccepted, options?: ErrorOptions) {
    super('code' in outcome ? `refused: ${outcome.reason} (${outcome.code})` : outcome.reason, options)
    this.outcome = outcome
  }
}
