import type { IncomingMessage } from 'node:http'

import { verifyToken } from '@switchboard/tokens'

import type { HandshakeOutcome } from './metrics.ts'
import type { UsedTokens } from './used-tokens.ts'

export type Admission =
  | { kind: 'accept'; callUuid: string }
  | { kind: 'refuse'; outcome: Exclude<HandshakeOutcome, 'accepted'>; status: number; reason: string }

export interface AdmissionDeps {
  tokenSecret: string
  usedTokens: {
    use: (
      ...given: Parameters<UsedTokens['use']>
    ) => ReturnType<UsedTokens['use']> | Promise<ReturnType<UsedTokens['use']>>
  }
  maxCalls: number
  callCount: () => number
  isDraining: () => boolean
  /** Milliseconds. */
  now: () => number
}

export const SOCKET_PATH = '/socket'

/** Decides about a handshake. Only calls we answered hold a token; it comes in the header the NCCO asked Vonage to send. */
export async function admit(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  deps: AdmissionDeps,
): Promise<Admission> {
  if (request.url?.split('?')[0] !== SOCKET_PATH)
    return refuse('unauthorized', 404, `only ${SOCKET_PATH} is served here`)
  const token = /^Bearer (?<token>\S+)$/i.exec(request.headers.authorization ?? '')?.groups?.['token']
  if (!token) return refuse('unauthorized', 401, 'a Bearer token is required')
  const check = await verifyToken(deps.tokenSecret, { purpose: 'echo', token, now: deps.now() })
  if (check.kind !== 'valid') return refuse('unauthorized', 401, `the token is ${check.kind}`)
  // A call that finds no place keeps its token.
  const early = noPlace(deps)
  if (early) return early
  switch (await deps.usedTokens.use(check.id, check.expiresAt, deps.now())) {
    case 'first':
      // From here on nothing waits: between counting the calls and adding one there must be no gap.
      return noPlace(deps) ?? { kind: 'accept', callUuid: check.subject }
    case 'again':
      return refuse('replayed', 401, 'the token was used before')
    case 'full':
      return refuse('full', 503, 'too many calls within a minute')
  }
}

function noPlace({ isDraining, callCount, maxCalls }: AdmissionDeps): Admission | undefined {
  if (isDraining()) return refuse('draining', 503, 'this process is stopping')
  return callCount() >= maxCalls ? refuse('full', 503, `${maxCalls} calls are connected`) : undefined
}

function refuse(outcome: Exclude<HandshakeOutcome, 'accepted'>, status: number, reason: string): Admission {
  return { kind: 'refuse', outcome, status, reason }
}
