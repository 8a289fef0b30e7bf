import { issueToken } from '@switchboard/tokens'

/** Long enough for a redirect. */
const TICKET_SECONDS = 30

export interface ConsoleAddress {
  /** As the browser reaches it. */
  consoleUrl: string
  /** Shared with the console in no other case than this one: a simulator stands in for Vonage. */
  ticketSecret: string
}

/** An address that lets a browser into the console once, within half a minute, under that host and no other. */
export async function consoleAddress({ consoleUrl, ticketSecret }: ConsoleAddress, to: string): Promise<string> {
  const url = new URL('/ticket', consoleUrl)
  const request = { purpose: 'ticket', subject: url.host, ttlSeconds: TICKET_SECONDS, now: Date.now() } as const
  url.search = new URLSearchParams({ ticket: await issueToken(ticketSecret, request), to }).toString()
  return url.href
}
