import { derivedId, isOvertaken } from '@switchboard/contracts'
import type { Subscription } from '@switchboard/store'

export type SubscriptionObligation = { id: string } & (
  | { kind: 'listed'; topic: string | null }
  | { kind: 'confirmation'; topic: string }
)

/**
 * The newest wish of a contact counts. Run again, or overtaken by a newer one, it changes nothing; `only`: nor does it
 * end any other topic.
 */
export function decideSubscription(
  current: Subscription | undefined,
  wish: Subscription,
  only?: string,
): Subscription | undefined {
  if (only !== undefined && current?.topic !== only) return current
  if (current && (current.causeId === wish.causeId || isOvertaken({ ...wish, ends: wish.topic === null }, current)))
    return current
  return { ...current, ...wish }
}

/** Who is confirmed is served: first the place among the subscribers, then the word that it is so. */
export function subscriptionObligations({ topic, causeId }: Subscription): SubscriptionObligation[][] {
  return [
    // Named by the wish: whoever texts again gets his place again, whatever has become of it.
    [{ id: `listed-${causeId}`, kind: 'listed', topic }],
    topic === null ? [] : [{ id: derivedId('re', causeId), kind: 'confirmation', topic }],
  ]
}
