import type { Account, AccountSettings } from '../account.ts'
import type { Credentials } from '../credentials.ts'
import type { Message, StatusChange } from '../message-store.ts'
import type { Webhook } from '../webhooks/compose.ts'
import type { WebhookSender } from '../webhooks/sender.ts'
import { receipts, statusV01, statusV1 } from '../webhooks/status-shapes.ts'

export interface StatusReporterDeps {
  account: Pick<Account, 'settings'>
  credentials: Pick<Credentials, 'apiKey'>
  webhooks: Pick<WebhookSender, 'send'>
}

/** Tells the application about each status, in the format and at the address that its account and the request chose. */
export function createStatusReporter(deps: StatusReporterDeps): (message: Message, change: StatusChange) => void {
  return (message, change) => {
    const settings = deps.account.settings()
    for (const webhook of webhooksFor(message, change, settings, deps.credentials.apiKey)) {
      deps.webhooks.send(webhook, { channel: message.channel, address: message.address })
    }
  }
}

function webhooksFor(message: Message, change: StatusChange, settings: AccountSettings, apiKey: string): Webhook[] {
  const { sending } = message
  if (!sending || sending.api === 'auto') return []
  const about = [message.id]
  const hasApplication = sending.auth === 'jwt'
  const usesReceipts = message.channel === 'sms' && settings.smsApiDefault === 'sms'
  if (sending.api === 'sms' && !sending.wantsReceipt) return []
  if (usesReceipts) {
    if (change.status === 'submitted') return []
    const url = sending.webhookUrl ?? settings.urls.deliveryReceipt
    const format = settings.smsWebhookFormat
    return receipts(message, change, apiKey).map((body) => ({
      kind: 'receipt',
      url,
      format,
      body,
      signing: 'sig',
      hasApplication: false,
      about,
    }))
  }
  const byAccount = hasApplication ? null : settings.accountStatusUrl
  const url = sending.webhookUrl ?? byAccount ?? settings.urls.status
  const isOld = (sending.webhookVersion ?? settings.webhookVersion) === 'v0.1' || sending.dispatchUuid !== undefined
  const body = isOld ? statusV01(message, change) : statusV1(message, change)
  return [{ kind: 'status', url, format: 'post-json', body, signing: 'jwt', hasApplication, about }]
}
