import type {
  AlertAttention,
  AlertRequest,
  Enqueue,
  EraseRequest,
  LimitsInForce,
  NotificationReply,
  NotificationRequest,
  OutboundMessage,
  QueueName,
  SubscriptionRequest,
  SwitchboardConfig,
} from '@switchboard/contracts'
import type { FailedJobs, Jobs, QueueState } from '@switchboard/queue'
import type { Presence, RedisFacts } from '@switchboard/runtime'
import type {
  ApiTokens,
  Accounts,
  Alerts,
  Audit,
  Calls,
  ConsentStore,
  FeedFaults,
  FeedValues,
  FollowUps,
  InboundStore,
  Ledger,
  Mailings,
  Notifications,
  OpenSessions,
  PersonIndex,
  DepthSample,
  QueueDepths,
  PersonNames,
  Senders,
  Signups,
  Subscriptions,
  Traffic,
  Usage,
} from '@switchboard/store'
import type { FastifyRequest } from 'fastify'

import type { AccountActs } from '../accounts/acts.ts'
import type { NamedAdminDeps } from '../accounts/named-admin.ts'
import type { LoginThrottle } from '../auth/login-throttle.ts'
import { sessionOf } from '../auth/require-session.ts'
import type { SecondFactorRule } from '../auth/second-factor-rule.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { FailedRuns } from '../failed-run.ts'
import type { HeldDeps } from '../held-senders.ts'
import type { createLive } from '../live.ts'
import type { Pages } from '../render.ts'
import { actorOf } from '../trail.ts'
import type { Trail } from '../trail.ts'

export interface Stores {
  alerts: Alerts
  calls: Calls
  consent: ConsentStore
  feedFaults: FeedFaults
  feedValues: FeedValues
  followUps: FollowUps
  inbound: InboundStore
  ledger: Ledger
  mailings: Mailings
  notifications: Notifications
  people: PersonIndex
  queueDepths: QueueDepths
  personNames: PersonNames
  senders: Senders
  signups: Signups
  subscriptions: Subscriptions
  traffic: Traffic
  usage: Pick<Usage, 'ofDay'>
}

export interface RouteDeps {
  pages: Pages
  live: ReturnType<typeof createLive>
  settings: SwitchboardConfig
  environment: Record<string, string | undefined>
  limits: LimitsInForce
  stores: Stores
  accounts: Pick<Accounts, 'get' | 'change'>
  acts: AccountActs
  sessions: Sessions
  secondFactor: SecondFactorRule
  openSessions: OpenSessions
  loginThrottle: LoginThrottle
  /** Seals what must be read again: the secrets of second factors. */
  sessionSecret: string
  audit: Pick<Audit, 'page' | 'read' | 'ends'>
  trail: Trail
  apiTokens: Pick<ApiTokens, 'add' | 'list' | 'revoke' | 'announced'>
  failed: FailedJobs
  failedRuns: FailedRuns
  jobs: Jobs
  /** Lets what waits in a queue run now. */
  wake: (queue: QueueName) => Promise<void>
  readQueues: () => Promise<QueueState[]>
  /** How they stood, minute by minute, for a day. */
  readDepths: () => Promise<DepthSample[]>
  readHeld: HeldDeps['readHeld']
  readAccounts: NamedAdminDeps['readAccounts']
  readRedis: () => Promise<RedisFacts>
  readPresence: () => Promise<Presence[]>
  alertRequests: Enqueue<AlertRequest> & { isPending(jobId: string): Promise<boolean> }
  attention: Enqueue<AlertAttention>
  notificationRequests: Enqueue<NotificationRequest>
  notificationReplies: Enqueue<NotificationReply>
  subscriptionRequests: Enqueue<SubscriptionRequest>
  send: (message: OutboundMessage) => Promise<void>
  erasures: Enqueue<EraseRequest>
  now: () => number
}

/** Writes into the trail what somebody is about to do: what is done without a trace is worse than a trace too many. */
export async function trace(
  request: FastifyRequest,
  { trail, now }: Pick<RouteDeps, 'trail' | 'now'>,
  { action, target, detail }: { action: string; target: string; detail?: string },
): Promise<void> {
  await trail.add({
    at: now(),
    ...actorOf(sessionOf(request)),
    action,
    target,
    ...(detail === undefined ? {} : { detail }),
  })
  request.log.info({ action, target }, 'console.acted')
}
