import { timingSafeEqual } from 'node:crypto'

import { scopes } from '@switchboard/contracts'
import { tokenState } from '@switchboard/store'
import type { ApiTokens } from '@switchboard/store'
import { hashApiToken, nameInApiToken } from '@switchboard/tokens'

import type { EnvironmentToken } from './environment-tokens.ts'

/** Whose token a request carries. */
export interface Caller {
  name: string
  scopes: readonly string[]
  expiresAt: number | undefined
}

export type TokenCheck =
  | { kind: 'known'; caller: Caller }
  /** Not the secret of any token. */
  | { kind: 'unknown' }
  | { kind: 'expired' | 'revoked'; name: string }

export interface ApiCallersDeps {
  environmentTokens: EnvironmentToken[]
  apiTokens: Pick<ApiTokens, 'get' | 'noteUse'>
  now: () => number
  /** A last use could not be noted. */
  onFault: (error: unknown) => void
}

const NOTED_EVERY_MS = 60_000

/** Says whose a token is. Redis is asked only for what looks like a token of ours, each time: a revoked one is no good at once. */
export function createApiCallers({ environmentTokens, apiTokens, now, onFault }: ApiCallersDeps) {
  const notedAt = new Map<string, number>()

  const look = async (token: string): Promise<TokenCheck> => {
    const hash = hashApiToken(token)
    const own = environmentTokens.find(({ hashes }) => hashes.some((each) => timingSafeEqual(each, hash)))
    if (own) return { kind: 'known', caller: { name: own.name, scopes, expiresAt: undefined } }
    const name = nameInApiToken(token)
    const stored = name === undefined ? undefined : await apiTokens.get(name)
    if (name === undefined || !stored || !timingSafeEqual(Buffer.from(stored.hash, 'hex'), hash))
      return { kind: 'unknown' }
    const state = tokenState(stored, now())
    if (state !== 'valid') return { kind: state, name }
    return { kind: 'known', caller: { name, scopes: stored.scopes, expiresAt: stored.expiresAt } }
  }

  return {
    look,
    /** At most once a minute; nobody waits for it. */
    noteUse: (name: string): void => {
      if (now() - (notedAt.get(name) ?? -Infinity) < NOTED_EVERY_MS) return
      notedAt.set(name, now())
      apiTokens.noteUse(name, now()).catch(onFault)
    },
  }
}
