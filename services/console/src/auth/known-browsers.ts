import { randomBytes } from 'node:crypto'

import { issueLinkToken, verifyLinkToken } from '@switchboard/tokens'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isSecure } from './start-session.ts'

const COOKIE = 'switchboard_browser'
const KEPT_SECONDS = 180 * 86_400

export interface KnownBrowsers {
  /** The id of a browser from which somebody has logged in before. */
  read(request: FastifyRequest): string | undefined
  remember(request: FastifyRequest, reply: FastifyReply): void
}

/** Who has logged in before is not kept out because others guess passwords. It lets nobody in. */
export function createKnownBrowsers({ secret, now }: { secret: string; now: () => number }): KnownBrowsers {
  const read = (request: FastifyRequest) => {
    const token = request.cookies[COOKIE]
    if (token === undefined) return undefined
    const check = verifyLinkToken(secret, { purpose: 'browser', token, now: now() })
    return check.kind === 'valid' ? check.subject : undefined
  }
  return {
    read,
    remember(request, reply) {
      const subject = read(request) ?? randomBytes(12).toString('base64url')
      const token = issueLinkToken(secret, { purpose: 'browser', subject, ttlSeconds: KEPT_SECONDS, now: now() })
      void reply.setCookie(COOKIE, token, {
        path: '/login',
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure(request),
        maxAge: KEPT_SECONDS,
      })
    },
  }
}
