import { alertIdOf, bundleDueQueue, personId, PostponedError } from '@switchboard/contracts'
import type { Bundle, BundleDue, BundleMember, BundleSettings, OutboundMessage } from '@switchboard/contracts'
import type { Producer } from '@switchboard/queue'
import type { Alerts, Bundles, BundleStore, Way } from '@switchboard/store'
import { createWorkflow } from '@switchboard/workflow'
import type { Workflow, WorkflowLog } from '@switchboard/workflow'

import { bundleObligations, forget, gather, handedOver, handOverDue, isGathered, lookAtBundles } from './gather.ts'
import type { BundleObligation, Leaving } from './gather.ts'

export interface BundlingDeps {
  bundles: Pick<BundleStore, 'records'>
  alerts: Pick<Alerts, 'get' | 'addContact' | 'removeContact'>
  timers: Pick<Producer<BundleDue>, 'enqueue' | 'remove'>
  outbound: Pick<Producer<Bundle>, 'enqueue'>
  /** The page that lists what is in a bundle. */
  bundleLink: (bundleId: string) => string
  settings: BundleSettings
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

type GatherSettings = Pick<Leaving, 'waitMs' | 'isAgain'> & Pick<Way, 'answers'>

export interface Bundling {
  workflow: Workflow<Bundles>
  /** Whether a message leaves together with others; else it is the caller's to send, alone. */
  gathers: (message: OutboundMessage, about: GatherSettings) => Promise<boolean>
  /** The time of a bundle has come. */
  due: (due: BundleDue) => Promise<void>
  performDue: (record: Bundles) => Promise<void>
}

/** What one person gets about alerts, so that many at once are few messages. */
export function createBundling(deps: BundlingDeps): Bundling {
  const { settings, now } = deps
  const workflow = createWorkflow<Bundles, BundleObligation, undefined>(
    {
      name: 'bundle',
      contextOf: async () => undefined,
      obligations: bundleObligations,
      lookAt: lookAtBundles,
      fulfil: (owed, record) => fulfil(owed, record, deps),
      async retract(owed, { personId: person }) {
        if (owed.kind === 'timer' && owed.at > now())
          await deps.timers.remove(bundleDueQueue.jobId(dueOf(owed, person)))
      },
    },
    { ...deps, records: deps.bundles.records },
  )

  async function handOver(person: string): Promise<Bundles | undefined> {
    const { after } = await workflow.move(person, (record) => record && handOverDue(record, settings, now()), undefined)
    // Fulfilled by now, whoever handed it over: what is left undone is made good by the next move.
    const ids = after ? handedOver(after) : []
    if (ids.length > 0) await workflow.move(person, (record) => record && forget(record, ids), undefined)
    return after
  }

  return {
    workflow,
    async gathers(message, about) {
      const leaving = leavingOf(message, about)
      if (!leaving) return false
      const person = personId({ channel: message.channel, address: message.to })
      const { after } = await workflow.move(
        person,
        (record = { personId: person, sent: [], gathered: [] }) => gather(record, leaving, settings, now()),
        undefined,
      )
      return after !== undefined && isGathered(after, message.id)
    },
    async due({ personId: person, bundleId, at }) {
      const after = await handOver(person)
      const isEarly = after?.gathered.some(
        ({ id, dueAt, handedOverAt: gone }) => id === bundleId && dueAt === at && !gone,
      )
      if (isEarly && at > now()) throw new PostponedError('The bundle is not due yet', at - now())
    },
    performDue: async ({ personId: person }) => void (await handOver(person)),
  }
}

function leavingOf(message: OutboundMessage, { answers, ...about }: GatherSettings): Leaving | undefined {
  const { id, channel, to, from, expiresAt } = message
  const subject = message.about
  if (channel === 'voice' || (subject?.kind !== 'alert' && subject?.kind !== 'alert-closing')) return undefined
  const way = {
    channel,
    to,
    kind: subject.kind,
    ...(from === undefined ? {} : { from }),
    ...(answers === undefined ? {} : { answers }),
  }
  const member: BundleMember = { id, about: subject, ...(expiresAt === undefined ? {} : { expiresAt }) }
  return { way, member, ...about }
}

function dueOf({ bundle: { id }, at }: Extract<BundleObligation, { kind: 'timer' }>, person: string): BundleDue {
  return { personId: person, bundleId: id, at }
}

async function fulfil(owed: BundleObligation, record: Bundles, deps: BundlingDeps): Promise<void> {
  const { timers, outbound, now } = deps
  const { id, channel, to, from, members, kind } = owed.bundle
  switch (owed.kind) {
    case 'timer':
      return timers.enqueue(dueOf(owed, record.personId), { delayMs: owed.at - now() })
    case 'contacts':
      if (kind === 'alert') await Promise.all(members.map((member) => expectReply(member, owed.bundle, deps)))
      return undefined
    case 'message':
      return outbound.enqueue({
        id,
        channel,
        to,
        ...(from === undefined ? {} : { from }),
        members,
        ...(kind === 'alert' ? { link: deps.bundleLink(id) } : {}),
        createdAt: owed.bundle.handedOverAt ?? now(),
      })
  }
}

/** An alert that ended meanwhile has let go of its contacts already. */
async function expectReply(
  member: BundleMember,
  { channel, to }: BundleObligation['bundle'],
  { alerts }: BundlingDeps,
): Promise<void> {
  const contact = { channel, address: to }
  const alertId = alertIdOf(member)
  await alerts.addContact(contact, alertId)
  if ((await alerts.get(alertId))?.state !== 'walking') await alerts.removeContact(contact, alertId)
}
