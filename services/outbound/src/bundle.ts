import { alertContent, alertIdOf, bundleText, closingsText, withAlertButtons } from '@switchboard/contracts'
import type {
  Alert,
  AlertPlan,
  Bundle,
  BundleMember,
  MessageState,
  OutboundMessage,
  SwitchboardConfig,
} from '@switchboard/contracts'
import type { Ledger, LedgerRecord } from '@switchboard/store'

export interface BundleDeps {
  alerts: {
    get: (alertId: string) => Promise<Alert | undefined>
    plan: (planId: string) => Promise<AlertPlan>
  }
  ledger: Pick<Ledger, 'get' | 'reserve'>
  /** Sends a message as any other is sent. */
  send: (message: OutboundMessage) => Promise<void>
  report: (message: OutboundMessage, state: MessageState, reason?: string) => Promise<void>
  settings: Pick<SwitchboardConfig, 'texts'>
  log: { info: (fields: object, event: string) => void }
  now: () => number
}

interface Named {
  member: BundleMember
  alert: Alert
}

/**
 * Writes a bundle from the alerts that are open now, and sends it. Each message in it is reserved first, so that none
 * leaves twice; what is left out is said of it.
 */
export function createBundleHandler(deps: BundleDeps) {
  const { ledger, now, log } = deps
  return async (bundle: Bundle): Promise<void> => {
    const earlier = await ledger.get(bundle.id)
    if (earlier && !mayBeSent.has(earlier.state)) return deps.send(again(bundle, earlier))
    // Whoever runs the job of one that was refused wants it to go out although it is late.
    const endsAt = earlier?.state === 'refused' ? -Infinity : now()
    const found = await Promise.all(bundle.members.map(async (member) => look(member, endsAt, deps)))
    const leftOut = found.flatMap((each) => ('reason' in each ? [each] : []))
    await Promise.all(
      leftOut.map(({ member, state, reason }) => deps.report(messageOf(bundle, [member], ''), state, reason)),
    )
    const reserved = await Promise.all(
      found.map(async (each) => {
        if ('reason' in each) return []
        const { id, about } = each.member
        const alone = { ...messageOf(bundle, [each.member], ''), id, about }
        return (await ledger.reserve(alone, bundle.id, now())) ? [each] : []
      }),
    )
    const named = reserved.flat()
    log.info({ messageId: bundle.id, named: named.length, leftOut: leftOut.length }, 'bundle.written')
    if (named.length > 0) await deps.send(await write(bundle, named, deps))
  }
}

/** Of a first try that did not go out: it is written anew. */
const mayBeSent = new Set<MessageState>(['released', 'refused'])

type Look = Named | { member: BundleMember; state: 'suppressed' | 'dropped'; reason: string }

async function look(member: BundleMember, now: number, { alerts }: BundleDeps): Promise<Look> {
  const alert = await alerts.get(alertIdOf(member))
  if (!alert || (member.about.kind === 'alert' && alert.state !== 'walking' && alert.state !== 'exhausted'))
    return { member, state: 'suppressed', reason: 'alert-over' }
  if (now >= (member.expiresAt ?? Infinity)) return { member, state: 'dropped', reason: 'expired' }
  return { member, alert }
}

async function write(bundle: Bundle, named: Named[], deps: BundleDeps): Promise<OutboundMessage> {
  const { texts } = deps.settings
  const alerts = [...new Map(named.map(({ alert }) => [alert.id, alert])).values()]
  const { channel, link } = bundle
  const members = named.map(({ member }) => member)
  if (link === undefined) return messageOf(bundle, members, closingsText(alerts, channel, texts))
  const message = messageOf(bundle, members, bundleText({ alerts, channel, link, texts }))
  const [first, second] = named
  if (first && !second) return { ...message, ...(await partsAlone(first, link, deps)) }
  return { ...message, buttons: [{ id: bundle.id, title: texts.alertButton }] }
}

/** One that nothing else came to is as if it had never waited. */
async function partsAlone({ member: { about }, alert }: Named, link: string, { alerts, settings }: BundleDeps) {
  const plan = await alerts.plan(alert.planId)
  const channel = about.kind === 'alert' ? plan.users[about.step.user]?.channels[about.step.channel] : undefined
  return channel && withAlertButtons(alertContent(alert, channel, link), { alert, channel, link }, settings.texts)
}

function messageOf(bundle: Bundle, members: BundleMember[], text: string): OutboundMessage {
  const { id, channel, to, from, createdAt } = bundle
  const ends = members.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [expiresAt]))
  return {
    id,
    channel,
    to,
    ...(from === undefined ? {} : { from }),
    text,
    purpose: 'alert',
    createdAt,
    ...(ends.length > 0 ? { expiresAt: Math.max(...ends) } : {}),
    about: { kind: 'bundle', members },
  }
}

/** As it was sent. */
function again(bundle: Bundle, { text, content, about }: LedgerRecord): OutboundMessage {
  return { ...messageOf(bundle, [], text), ...(content ? { content } : {}), ...(about ? { about } : {}) }
}
