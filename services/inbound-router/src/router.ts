import { personId } from '@switchboard/contracts'
import type { InboundMessage, Log } from '@switchboard/contracts'
import type { ConsentStore, InboundStore, Notifications, Signups } from '@switchboard/store'

import { actOnRoute } from './act-on-route.ts'
import type { ActDeps } from './act-on-route.ts'
import { askedQuestion } from './asked-question.ts'
import type { AskedSources } from './asked-question.ts'
import { findAlerts } from './find-alerts.ts'
import type { AlertSources } from './find-alerts.ts'
import { findQuoted } from './find-quoted.ts'
import type { QuotedSources } from './find-quoted.ts'
import { openQuestion, openSignup } from './open-question.ts'
import type { OpenQuestion } from './open-question.ts'
import { routeMessage } from './route-message.ts'
import type { Route, RouteFacts } from './route-message.ts'

export interface RouterDeps extends ActDeps, AlertSources, AskedSources, QuotedSources {
  ledger: AskedSources['ledger'] & QuotedSources['ledger']
  inbound: Pick<InboundStore, 'keep'>
  consent: Pick<ConsentStore, 'isOptedOut' | 'record'>
  notifications: Pick<Notifications, 'askedOf' | 'get'>
  signups: Pick<Signups, 'newestOf'>
  log: Log
  count: (channel: string, route: string) => void
}

export interface Router {
  /** What a whole message means. Changes nothing. */
  decide: (message: InboundMessage) => Promise<Route>
  /** Keeps the message, and does what its route asks for. Doing it again has no second effect. */
  follow: (route: Route, message: InboundMessage) => Promise<void>
}

/** Fetches what the decision needs, decides, acts. */
export function createRouter(deps: RouterDeps): Router {
  return {
    decide: async (message) => routeMessage(message, await gatherFacts(message, deps)),
    async follow(route, message) {
      await Promise.all([deps.inbound.keep(message, route.kind), actOnRoute(route, message, deps)])
      deps.count(message.channel, route.kind)
      deps.log.info({ inboundId: message.id, channel: message.channel, route: route.kind }, 'inbound.routed')
    },
  }
}

async function gatherFacts(message: InboundMessage, deps: RouterDeps): Promise<RouteFacts> {
  const contact = { channel: message.channel, address: message.from }
  const quoted = await findQuoted(contact, message.quotes, deps)
  const quotedQuestion = quoted?.kind === 'notification' ? quoted.notificationId : undefined
  const [isOptedOut, alerts, question, signup] = await Promise.all([
    deps.consent.isOptedOut(personId(contact)),
    findAlerts(contact, quoted, deps),
    findQuestion(message, quotedQuestion, deps),
    deps.signups.newestOf(contact),
  ])
  return {
    topics: Object.keys(deps.settings.feeds),
    isOptedOut,
    ...alerts,
    question,
    signupId: openSignup(signup, message),
  }
}

async function findQuestion(
  message: InboundMessage,
  quotedId: string | undefined,
  deps: RouterDeps,
): Promise<OpenQuestion | undefined> {
  if (quotedId !== undefined) {
    const quoted = await deps.notifications.get(quotedId)
    return openQuestion(quoted, message, { isQuoted: true, isOneOfSeveral: false })
  }
  const asked = await askedQuestion(message, deps)
  return openQuestion(asked?.record, message, { isQuoted: false, isOneOfSeveral: asked?.isOneOfSeveral ?? false })
}
