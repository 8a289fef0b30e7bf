import { join } from 'node:path'

import { may, redactLinks } from '@switchboard/contracts'
import type { Role } from '@switchboard/contracts'
import { Eta } from 'eta'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { lacksNamedAdmin } from './accounts/named-admin.ts'
import { sessionOf } from './auth/require-session.ts'
import type { Session } from './auth/sessions.ts'
import { createFormats } from './formats.ts'
import { heldOf } from './held-senders.ts'
import { createPieces, escapeHtml } from './html.ts'
import { putNames } from './put-names.ts'

/** What every page has; the rest is the template's own. */
export interface PageData {
  title: string
  section: Section
  [name: string]: unknown
}

export type Section =
  | 'overview'
  | 'alerts'
  | 'notifications'
  | 'people'
  | 'calls'
  | 'messages'
  | 'failed'
  | 'queues'
  | 'audit'
  | 'configuration'
  | 'accounts'
  | 'tokens'
  | 'account'

export type Pages = ReturnType<typeof createPages>

const TEMPLATES = join(import.meta.dirname, '..', 'templates')

/** HTML from the templates. Everything that is put into one is escaped, unless the template says `<%~`. */
export function createPages(now: () => number, readNames: (personIds: string[]) => Promise<(string | undefined)[]>) {
  const eta = new Eta({ views: TEMPLATES, cache: true, autoTrim: false })
  const render = (template: string, data: object) => {
    const f = createFormats(now())
    return eta.render(`./${template}`, { f, h: createPieces(f), ...data })
  }
  return {
    /** A template by itself. */
    render,
    /** A whole page for somebody who is logged in. */
    async show(request: FastifyRequest, reply: FastifyReply, template: string, data: PageData): Promise<FastifyReply> {
      const page = render(template, {
        ...seenBy(request),
        url: request.url,
        held: heldOf(request),
        lacksNamedAdmin: lacksNamedAdmin(request),
        ...data,
      })
      const html = await putNames(page, readNames, escapeHtml)
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
    },
    /** Part of a page, as it is sent to a page that is open. */
    fragment: async (request: FastifyRequest, template: string, data: object): Promise<string> =>
      redactLinks(await putNames(render(template, { ...seenBy(request), ...data }), readNames, escapeHtml)),
  }
}

/** Who looks at a page, and what they are offered there. */
function seenBy(request: FastifyRequest): { session: Session; can: (needed: Role) => boolean } {
  const session = sessionOf(request)
  return { session, can: (needed) => may(session.role, needed) }
}
