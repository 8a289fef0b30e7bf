import { isChannel, OPTED_OUT_CODE, personId } from '@switchboard/contracts'
import type { ConsentStore } from '@switchboard/store'

import type { Report } from './combine-reports.ts'

export interface OptOutReportDeps {
  consent: Pick<ConsentStore, 'record'>
  now: () => number
}

/** Vonage documents the code for statuses only; an answer to the request itself says it in words. */
const OPTED_OUT = new RegExp(String.raw`\bopt(?:ed|ing)?[ -]?out\b|\bunsubscribed\b|\b${OPTED_OUT_CODE}\b`, 'i')

/** A refusal because the person opted out with the carrier ends consent here as well. */
export function createOptOutReport({ consent, now }: OptOutReportDeps): Report {
  return {
    async report({ id, channel, to }, state, reason) {
      if (!isChannel(channel) || state !== 'refused' || reason === undefined || !OPTED_OUT.test(reason)) return
      const at = now()
      const event = { state: 'out', source: 'provider', channel, sentAt: at, receivedAt: at, causeId: id } as const
      await consent.record(personId({ channel, address: to }), event)
    },
    // A status says it by its code: see the status handler.
    reportStatus: async () => undefined,
  }
}
