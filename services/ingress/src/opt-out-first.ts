import { keywordOf, personId } from '@switchboard/contracts'
import type { Enqueue, InboundMessage } from '@switchboard/contracts'
import { consentByText } from '@switchboard/store'
import type { ConsentEvent } from '@switchboard/store'

export interface OptOutFirstDeps {
  inbound: Enqueue<InboundMessage>
  /** Resolves once the event is on disk. */
  recordConsent: (personId: string, event: ConsentEvent) => Promise<void>
}

/**
 * The queue of inbound messages, with what must not wait for a worker done first: an opt-out holds from the moment its
 * webhook is answered. The workflow records the same event again, which has no second effect, and confirms it.
 */
export function createOptOutFirst({ inbound, recordConsent }: OptOutFirstDeps): Enqueue<InboundMessage> {
  return {
    async enqueue(message) {
      if (keywordOf(message) === 'opt-out') {
        const person = personId({ channel: message.channel, address: message.from })
        await recordConsent(person, consentByText(message, 'out'))
      }
      await inbound.enqueue(message)
    },
  }
}
