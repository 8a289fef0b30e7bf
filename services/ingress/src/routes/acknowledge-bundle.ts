import { alertIdOf, textWithLink } from '@switchboard/contracts'
import type { Alert, AlertAttention, AlertPlan, AuditEntry, BundleMember, Enqueue } from '@switchboard/contracts'
import type { Alerts, Ledger } from '@switchboard/store'
import { verifyLinkToken } from '@switchboard/tokens'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'

import { actEntry } from '../act-entry.ts'
import { bundlePage } from '../pages/bundle-page.ts'
import type { BundleView, ListedAlert } from '../pages/bundle-page.ts'
import { enqueueOrUnavailable } from '../problem.ts'
import { show } from './acknowledge.ts'

export interface AcknowledgeBundleDeps {
  sessionSecret: string
  ledger: Pick<Ledger, 'get'>
  alerts: Pick<Alerts, 'get' | 'plan'>
  attention: Enqueue<AlertAttention>
  trail: Enqueue<AuditEntry>
  now: () => number
}

const body = z.object({ alert: z.string().max(40).optional() })

/** The page behind the link of a message about several alerts: all of them, each and together to be acknowledged. */
export function acknowledgeBundleRoutes(app: FastifyInstance, deps: AcknowledgeBundleDeps): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  )

  app.get<{ Params: { token: string } }>('/b/:token', { schema: { hide: true } }, async (request, reply) =>
    answer(reply, viewOf(await look(request.params.token, deps))),
  )

  app.post<{ Params: { token: string } }>(
    '/b/:token',
    { schema: { hide: true }, config: { isRepeatable: true } },
    async (request, reply) => {
      const found = await look(request.params.token, deps)
      const only = body.safeParse(request.body).data?.alert
      const chosen = (found ?? []).filter(({ alert }) => isOpen(alert) && (only === undefined || alert.id === only))
      await Promise.all(chosen.map((each) => acknowledge(each, deps)))
      const ids = new Set(chosen.map(({ alert }) => alert.id))
      return answer(reply, viewOf(found, ids))
    },
  )
}

function answer(reply: FastifyReply, view: BundleView): FastifyReply {
  return show(reply, bundlePage(view), view.kind === 'invalid' ? 404 : 200)
}

interface Found {
  member: BundleMember
  alert: Alert
  plan: AlertPlan
}

async function acknowledge({ member, alert, plan }: Found, { trail, attention, now }: AcknowledgeBundleDeps) {
  const user = userOf(member)
  const [at, evidenceId] = [now(), `link.${user}.${member.id}`]
  await enqueueOrUnavailable(trail, actEntry({ alert, plan, user, act: 'mine', via: 'link', evidenceId, at }))
  await enqueueOrUnavailable(attention, {
    alertId: alert.id,
    at,
    evidenceId,
    evidence: { kind: 'act', act: { kind: 'mine' }, by: { how: 'link', user } },
  })
}

function userOf({ about }: BundleMember): number {
  return about.kind === 'alert' ? about.step.user : 0
}

/** What the link is about; undefined when it is not valid. */
async function look(token: string, { sessionSecret, ledger, alerts, now }: AcknowledgeBundleDeps) {
  const check = verifyLinkToken(sessionSecret, { purpose: 'bundle', token, now: now() })
  const about = check.kind === 'valid' ? (await ledger.get(check.subject))?.about : undefined
  if (about?.kind !== 'bundle') return undefined
  const found = await Promise.all(
    about.members.map(async (member): Promise<Found[]> => {
      const alert = await alerts.get(alertIdOf(member))
      return alert ? [{ member, alert, plan: await alerts.plan(alert.planId) }] : []
    }),
  )
  return found.flat()
}

function viewOf(found: Found[] | undefined, acknowledged: ReadonlySet<string> = new Set()): BundleView {
  if (!found || found.length === 0) return { kind: 'invalid' }
  return {
    kind: 'list',
    alerts: found.map(({ alert }) => ({
      id: alert.id,
      code: alert.code,
      text: textWithLink(alert.text, alert.media),
      state: stateOf(alert, acknowledged),
      who: alert.resolved ? undefined : alert.attendedBy?.user,
    })),
  }
}

function stateOf(alert: Alert, acknowledged: ReadonlySet<string>): ListedAlert['state'] {
  if (acknowledged.has(alert.id)) return 'thanks'
  return isOpen(alert) ? 'open' : 'over'
}

function isOpen({ state }: Alert): boolean {
  return state === 'walking' || state === 'exhausted'
}
