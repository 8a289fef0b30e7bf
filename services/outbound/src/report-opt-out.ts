import { cutEntry, derivedId, endOfAddress, isChannel, OPTED_OUT_CODE, personId } from '@switchboard/contracts'
import type { AuditEntry, Contact, Enqueue } from '@switchboard/contracts'
import type { ConsentStore } from '@switchboard/store'

import type { Report } from './combine-reports.ts'

export interface OptOutDeps {
  consent: Pick<ConsentStore, 'record'>
  trail: Enqueue<AuditEntry>
}

/** What Vonage says of somebody who told the carrier, or Vonage, to stop; and of which message it says so. */
interface ReportedOptOut {
  messageId: string
  contact: Contact
  sentAt: number
  receivedAt: number
}

export type EndConsent = (reported: ReportedOptOut) => Promise<void>

/**
 * Ends consent because Vonage reports an opt-out, with an entry in the trail if that changes anything: nobody who dies in
 * between loses it, since the same event is found to be the one that changed it.
 */
export function createEndConsent({ consent, trail }: OptOutDeps): EndConsent {
  return async ({ messageId, contact, sentAt, receivedAt }) => {
    const { channel, address } = contact
    const event = { state: 'out', source: 'provider', channel, sentAt, receivedAt, causeId: messageId } as const
    if (!(await consent.record(personId(contact), event))) return
    const somebody = { kind: 'somebody', who: 'somebody', via: 'message' } as const
    const detail = `reported by Vonage, ${channel} ${endOfAddress(address)}`
    const id = derivedId('act', 'opt-out', messageId)
    await trail.enqueue(cutEntry({ ...somebody, id, at: receivedAt, action: 'consent.out', target: messageId, detail }))
  }
}

/** Vonage documents the code for statuses only; an answer to the request itself says it in words. */
const OPTED_OUT = new RegExp(String.raw`\bopt(?:ed|ing)?[ -]?out\b|\bunsubscribed\b|\b${OPTED_OUT_CODE}\b`, 'i')

/** A refusal because the person opted out with the carrier ends consent here as well. */
export function createOptOutReport({ endConsent, now }: { endConsent: EndConsent; now: () => number }): Report {
  return {
    async report({ id, channel, to }, state, reason) {
      if (!isChannel(channel) || state !== 'refused' || reason === undefined || !OPTED_OUT.test(reason)) return
      const at = now()
      await endConsent({ messageId: id, contact: { channel, address: to }, sentAt: at, receivedAt: at })
    },
    // A status says it by its code: see the status handler.
    reportStatus: async () => undefined,
  }
}
