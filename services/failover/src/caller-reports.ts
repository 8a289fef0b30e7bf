import { derivedId, isChannel, stepMessageId } from '@switchboard/contracts'
import type {
  Alert,
  AlertPlan,
  DispatchWebhook,
  Enqueue,
  MessageStatus,
  ReportedState,
  StepRef,
} from '@switchboard/contracts'
import type { Ledger } from '@switchboard/store'
import { dispatchStatusBody, finalReportBody } from '@switchboard/vonage'
import type { FinalReport } from '@switchboard/vonage'

import { channelAt, stepsTaken } from './steps.ts'

export interface CallerReportDeps {
  ledger: Pick<Ledger, 'get'>
  webhooks: Enqueue<DispatchWebhook>
  senders: Partial<Record<string, string>>
  now: () => number
}

/** Tells a caller of our Dispatch endpoint what Vonage's would: the status of each message, then the final report. */
export interface CallerReports {
  status: (alert: Alert, plan: AlertPlan, step: StepRef, status: MessageStatus) => Promise<void>
  finalReport: (alert: Alert, plan: AlertPlan) => Promise<void>
}

export function createCallerReports({ ledger, webhooks, senders, now }: CallerReportDeps): CallerReports {
  return {
    async status(alert, plan, step, status) {
      if (alert.dispatch?.statusUrl === undefined) return
      const { channel, to, from, clientRef } = channelAt(plan, step)
      if (!isChannel(channel)) return
      const body = dispatchStatusBody({
        dispatchUuid: alert.dispatch.uuid,
        messageUuid: status.messageUuid,
        channel,
        from: from ?? senders[channel] ?? '',
        to,
        state: status.state,
        at: status.at,
        error: status.error,
        clientRef,
        price: status.price,
        currency: status.currency,
      })
      const id = derivedId('hook', status.messageUuid, status.state)
      await webhooks.enqueue({ id, url: alert.dispatch.statusUrl, body: { ...body } })
    },

    async finalReport(alert, plan) {
      if (alert.dispatch?.statusUrl === undefined) return
      const messages = await messagesOf(alert, plan, ledger)
      const report: FinalReport = {
        dispatchUuid: alert.dispatch.uuid,
        status: alert.state === 'attended' ? 'completed' : 'error',
        at: now(),
        ...sumOf(messages),
        messages,
      }
      const id = derivedId('report', alert.id)
      await webhooks.enqueue({ id, url: alert.dispatch.statusUrl, body: { ...finalReportBody(report) } })
    },
  }
}

async function messagesOf(
  alert: Alert,
  plan: AlertPlan,
  ledger: Pick<Ledger, 'get'>,
): Promise<FinalReport['messages']> {
  const found = await Promise.all(
    stepsTaken(alert, plan).map(async (step) => {
      const record = await ledger.get(stepMessageId(alert, step, 0))
      const [messageUuid] = Object.keys(record?.uuids ?? {})
      const { channel } = channelAt(plan, step)
      if (!record || messageUuid === undefined || !isChannel(channel)) return []
      const usage = sumOf(Object.values(record.usage ?? {}))
      return [{ messageUuid, channel, status: reportable(record.state), ...usage }]
    }),
  )
  return found.flat()
}

interface Usage {
  price?: string | undefined
  currency?: string | undefined
}

/** Of prices as Vonage writes them, decimals and all; nothing where none is known. */
function sumOf(usages: Usage[]): Usage {
  const priced = usages.filter(({ price }) => Number.isFinite(Number.parseFloat(price ?? '')))
  if (priced.length === 0) return {}
  const digits = Math.max(...priced.map(({ price = '' }) => price.split('.')[1]?.length ?? 0))
  const sum = priced.reduce((total, { price }) => total + Number(price), 0)
  return { price: sum.toFixed(digits), currency: priced[0]?.currency }
}

/** Vonage knows only its own states. */
function reportable(state: string): ReportedState {
  const known: ReportedState[] = ['submitted', 'delivered', 'read', 'undeliverable']
  return (
    known.find((each) => each === state) ?? (state === 'accepted' || state === 'unknown' ? 'submitted' : 'rejected')
  )
}
