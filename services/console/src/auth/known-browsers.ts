import { createHash, randomBytes } from 'node:crypto'

import { issueLinkToken, verifyLinkToken } from '@switchboard/tokens'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isSecure } from './start-session.ts'

const COOKIE = 'switchboard_browser'
const KEPT_SECONDS = 180 * 86_400

/** `known`: somebody has logged in from it before; `own`: under the name that is given now. */
export type BrowserStanding = 'unknown' | 'known' | 'own'

export interface KnownBrowsers {
  /** The id of a browser from which somebody has logged in before. */
  read(request: FastifyRequest): string | undefined
  standing(request: FastifyRequest, name: string): BrowserStanding
  remember(request: FastifyRequest, reply: FastifyReply, name: string): void
}

const ID_LENGTH = 16
const MARK_LENGTH = 8
const MARK = /.{8}/g
/** People who share a browser. */
const MAX_MARKS = 10

/**
 * Who has logged in before is not kept out because others guess passwords. It lets nobody in, and whoever has an account may
 * guess the passwords of others no more than a stranger.
 */
export function createKnownBrowsers({ secret, now }: { secret: string; now: () => number }): KnownBrowsers {
  /** Its id, and after it a mark for each name. */
  const subjectIn = (request: FastifyRequest) => {
    const token = request.cookies[COOKIE]
    if (token === undefined) return undefined
    const check = verifyLinkToken(secret, { purpose: 'browser', token, now: now() })
    return check.kind === 'valid' ? check.subject : undefined
  }
  return {
    read: (request) => subjectIn(request)?.slice(0, ID_LENGTH),
    standing(request, name) {
      const subject = subjectIn(request)
      if (subject === undefined) return 'unknown'
      return marksIn(subject).includes(markOf(name)) ? 'own' : 'known'
    },
    remember(request, reply, name) {
      const before = subjectIn(request) ?? randomBytes(12).toString('base64url')
      const marks = [markOf(name), ...marksIn(before).filter((mark) => mark !== markOf(name))].slice(0, MAX_MARKS)
      const subject = before.slice(0, ID_LENGTH) + marks.join('')
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

function marksIn(subject: string): string[] {
  return subject.slice(ID_LENGTH).match(MARK) ?? []
}

/** A cookie is read by whoever has the browser: no names in it. */
function markOf(name: string): string {
  return createHash('sha256').update(name.trim().toLowerCase()).digest('base64url').slice(0, MARK_LENGTH)
}
