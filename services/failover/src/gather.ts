import { alertIdOf, derivedId, MAX_BUNDLE_MEMBERS } from '@switchboard/contracts'
import type { BundleMember, BundleSettings } from '@switchboard/contracts'
import type { Bundles, GatheredBundle, Way } from '@switchboard/store'

/** A message about an alert that wishes to leave. */
export interface Leaving {
  way: Way
  member: BundleMember
  /** How long its step waits for an answer; the end of an alert waits for none. */
  waitMs?: number | undefined
  /** It was in a bundle before, and is sent again: with the others of that bundle. */
  isAgain?: boolean
}

const MINUTE_MS = 60_000
/** What a bundle takes of the time in which its members wait for an answer. */
const SHARE = 1 / 3

/**
 * What a person gets, once a message wishes to leave. The first to somebody leaves alone, and so does what follows about
 * the same alert; whatever comes within a minute after another alert is gathered. Returns the same record when it knows
 * the message already.
 */
export function gather(record: Bundles, leaving: Leaving, settings: BundleSettings, now: number): Bundles {
  const { way, member, isAgain = false } = leaving
  const knows = record.sent.some(({ id }) => id === member.id) || isGathered(record, member.id)
  if (knows || (member.expiresAt ?? Infinity) <= now) return record
  const current = { ...record, sent: record.sent.filter(({ at }) => at > now - MINUTE_MS) }
  const open = current.gathered.find((each) => isOpenFor(each, way))
  if (open) return replace(current, join(open, leaving, settings, now))
  const alertId = alertIdOf(member)
  const isFirst = !current.sent.some((each) => isSameWay(each, way) && each.alertId !== alertId)
  if (isFirst && !isAgain && current.sent.length < settings.messagesPerMinute) {
    return { ...current, sent: [...current.sent, { ...way, at: now, id: member.id, alertId }] }
  }
  const begun = { ...way, id: derivedId('bundle', member.id), members: [], dueAt: Infinity, latestAt: Infinity }
  return { ...current, gathered: [...current.gathered, join(begun, leaving, settings, now)] }
}

/** Whether a message leaves in a bundle. */
export function isGathered({ gathered }: Bundles, messageId: string): boolean {
  return gathered.some(({ members }) => members.some(({ id }) => id === messageId))
}

/** Hands over what is due. Whoever has had enough within this minute waits for the next, while all members can. */
export function handOverDue(record: Bundles, { messagesPerMinute }: BundleSettings, now: number): Bundles {
  let sent = record.sent.filter(({ at }) => at > now - MINUTE_MS)
  let didChange = false
  const gathered = record.gathered.map((bundle) => {
    if (bundle.handedOverAt !== undefined || bundle.dueAt > now) return bundle
    didChange = true
    const freeAt = (sent.toSorted((a, b) => b.at - a.at)[messagesPerMinute - 1]?.at ?? -Infinity) + MINUTE_MS
    if (freeAt > now && bundle.latestAt > now) return { ...bundle, dueAt: Math.min(freeAt, bundle.latestAt) }
    const { id: _id, members: _members, dueAt: _dueAt, latestAt: _latestAt, ...way } = bundle
    sent = [...sent, { ...way, at: now }]
    return { ...bundle, handedOverAt: now }
  })
  return didChange ? { ...record, sent, gathered } : record
}

/** Forgets bundles that were handed over, and whose world follows. */
export function forget(record: Bundles, ids: string[]): Bundles {
  const gathered = record.gathered.filter(({ id }) => !ids.includes(id))
  return gathered.length === record.gathered.length ? record : { ...record, gathered }
}

export function handedOver({ gathered }: Bundles): string[] {
  return gathered.flatMap(({ id, handedOverAt }) => (handedOverAt === undefined ? [] : [id]))
}

/** What must exist in the world for a person to get what is gathered. */
export type BundleObligation = { id: string; bundle: GatheredBundle } & (
  | { kind: 'timer'; at: number }
  | { kind: 'contacts' }
  | { kind: 'message' }
)

export function bundleObligations({ gathered }: Bundles): BundleObligation[][] {
  const open = gathered.filter(({ handedOverAt }) => handedOverAt === undefined)
  const leaving = gathered.filter(({ handedOverAt }) => handedOverAt !== undefined)
  return [
    [
      ...open.map((bundle) => ({
        id: `timer-${bundle.id}-${bundle.dueAt}`,
        kind: 'timer' as const,
        bundle,
        at: bundle.dueAt,
      })),
      // Before the message: a reply to it must find its alerts, and one to an earlier message must not.
      ...leaving.map((bundle) => ({ id: `contacts-${bundle.id}`, kind: 'contacts' as const, bundle })),
    ],
    leaving.map((bundle) => ({ id: `message-${bundle.id}`, kind: 'message', bundle })),
  ]
}

export function nextBundleAt({ gathered }: Bundles): number | undefined {
  const due = gathered.flatMap(({ dueAt, handedOverAt }) => (handedOverAt === undefined ? [dueAt] : []))
  return due.length > 0 ? Math.min(...due) : undefined
}

/** Time enough for the world to follow; then somebody must see to it that a bundle is forgotten. */
const REMEMBERED_MS = 10_000

/** When somebody must look at a person's messages although nothing happens. */
export function lookAtBundles(record: Bundles): number | undefined {
  const left = record.gathered.flatMap(({ handedOverAt }) => (handedOverAt === undefined ? [] : [handedOverAt]))
  const next = Math.min(nextBundleAt(record) ?? Infinity, ...left.map((at) => at + REMEMBERED_MS))
  return next === Infinity ? undefined : next
}

function isOpenFor(bundle: GatheredBundle, way: Way): boolean {
  return bundle.handedOverAt === undefined && bundle.members.length < MAX_BUNDLE_MEMBERS && isSameWay(bundle, way)
}

function isSameWay(a: Way, b: Way): boolean {
  return a.channel === b.channel && a.to === b.to && a.from === b.from && a.kind === b.kind && a.answers === b.answers
}

function join(
  bundle: GatheredBundle,
  { member, waitMs = 3 * MINUTE_MS }: Leaving,
  { waitSeconds }: BundleSettings,
  now: number,
): GatheredBundle {
  const latestAt = Math.min(bundle.latestAt, Math.round(now + waitMs * SHARE))
  const dueAt = Math.min(bundle.dueAt, now + waitSeconds * 1_000, latestAt)
  return { ...bundle, members: [...bundle.members, member], latestAt, dueAt }
}

function replace(record: Bundles, bundle: GatheredBundle): Bundles {
  return { ...record, gathered: record.gathered.map((each) => (each.id === bundle.id ? bundle : each)) }
}
