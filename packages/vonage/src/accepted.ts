/** What Vonage has taken. */
export interface Accepted {
  /** One, or one per part with the SMS API. */
  messageUuids: string[]
  parts: number
  /** Parts that the SMS API refused while it accepted others. The accepted ones are on their way. */
  partialFailure?: { code: string; reason: string; failedParts: number }
}
