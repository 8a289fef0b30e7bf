import { derivedId, isOvertaken } from '@switchboard/contracts'
import type { Subscription } from '@switchboard/store'

export type SubscriptionObligation = { id: string } & (
  | { kind: 'listed'; topic: string | null }
  | { kind: 'confirmation'; topic: string }
  | { kind: 'trace'; does: 'subscription.begin' | 'subscription.end'; topic: string }
)

/**
 * The newest wish of a contact counts. Run again, or overtaken by a newer one, it changes nothing; `only`: nor does it
 * end any other topic.
 */
export function decideSubscription(
  current: Subscription | undefined,
  wish: Subscription,
  { only, isByText = false }: { only?: string | undefined; isByText?: boolean } = {},
): Subscription | undefined {
  if (only !== undefined && current?.topic !== only) return current
  if (current && (current.causeId === wish.causeId || isOvertaken({ ...wish, ends: wish.topic === null }, current)))
    return current
  const { byText: _earlier, ...kept } = current ?? {}
  const about = isByText ? (wish.topic ?? current?.topic ?? undefined) : undefined
  return { ...kept, ...wish, ...(about === undefined ? {} : { byText: about }) }
}

/** Who is confirmed is served: first the place among the subscribers, then the word that it is so. */
export function subscriptionObligations({ topic, causeId, byText }: Subscription): SubscriptionObligation[][] {
  return [
    // Named by the wish: whoever texts again gets his place again, whatever has become of it.
    [{ id: `listed-${causeId}`, kind: 'listed', topic }],
    [
      ...(topic === null ? [] : [{ id: derivedId('re', causeId), kind: 'confirmation' as const, topic }]),
      ...(byText === undefined ? [] : [traceOf(topic, byText, causeId)]),
    ],
  ]
}

function traceOf(topic: string | null, about: string, causeId: string): SubscriptionObligation {
  const does = topic === null ? 'subscription.end' : 'subscription.begin'
  return { id: derivedId('act', causeId), kind: 'trace', does, topic: about }
}
