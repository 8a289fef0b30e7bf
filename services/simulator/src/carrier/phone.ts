import { randomBytes, randomUUID } from 'node:crypto'

import type { Account, AccountSettings } from '../account.ts'
import { rulesOf, type Channel } from '../channels.ts'
import type { Clock } from '../clock.ts'
import type { Credentials } from '../credentials.ts'
import type { Message, MessageStore } from '../message-store.ts'
import type { PhoneContent } from '../messages/phone-content.ts'
import type { People } from '../people.ts'
import type { Self } from '../vonage/self.ts'
import type { Webhook } from '../webhooks/compose.ts'
import { inboundSms, inboundV01, inboundV1, type ConcatPart } from '../webhooks/inbound-shapes.ts'
import type { WebhookSender } from '../webhooks/sender.ts'
import type { Carrier } from './carrier.ts'
import { reactToKeyword, type OptOuts } from './opt-outs.ts'

/** What a person sends from a phone. */
export interface PhoneMessage {
  channel: Channel
  address: string
  to?: string | undefined
  content: PhoneContent
  id?: string | undefined
  concat?: ConcatPart | undefined
  /** Parts of a long SMS arrive in another order. */
  shuffle?: boolean | undefined
}

export interface PhoneDeps {
  self: Pick<Self, 'url'>
  account: Pick<Account, 'settings'>
  credentials: Pick<Credentials, 'apiKey'>
  clock: Pick<Clock, 'now'>
  messages: MessageStore
  people: Pick<People, 'ensure'>
  webhooks: Pick<WebhookSender, 'send'>
  carrier: Pick<Carrier, 'accept'>
  optOuts: OptOuts
}

/** Sends a message as the person and returns it; the application hears of it by webhook. */
export function createPhone(deps: PhoneDeps): (sent: PhoneMessage) => Message {
  const { messages, people } = deps
  return (sent) => {
    const settings = deps.account.settings()
    const person = people.ensure(sent.channel, sent.address)
    const message = messageOf(sent, settings)
    messages.add(message)
    messages.heard(message.channel, message.address, message.sender, deps.clock.now())
    if (message.channel === 'sms' && settings.optOutAssist) assist(deps, message)
    const quoted = message.content.quoted ?? message.content.reaction?.to
    const quotedFrom = quoted === undefined ? undefined : messages.get(quoted)?.sender
    const { apiKey } = deps.credentials
    const context = { personName: person.name, selfUrl: deps.self.url(), apiKey, quotedFrom }
    const webhooks = webhooksFor(message, sent, settings, context)
    let missing = webhooks.length
    for (const webhook of webhooks) {
      deps.webhooks.send(webhook, { channel: message.channel, address: message.address }, (isDelivered) => {
        missing -= isDelivered ? 1 : 0
        if (message.status === 'read' || (isDelivered && missing > 0)) return
        messages.changeStatus(message, { status: isDelivered ? 'delivered' : 'failed', at: new Date().toISOString() })
      })
    }
    return message
  }
}

function messageOf(sent: PhoneMessage, settings: AccountSettings): Message {
  const isSmsApi = sent.channel === 'sms' && settings.smsApiDefault === 'sms'
  const at = new Date().toISOString()
  return {
    id: sent.id ?? (isSmsApi ? randomBytes(8).toString('hex').toUpperCase() : randomUUID()),
    direction: 'out',
    channel: sent.channel,
    address: sent.address,
    sender: sent.to ?? settings.senders[sent.channel],
    content: sent.content,
    status: 'sent',
    at,
    history: [{ status: 'sent', at }],
    isReadAwaited: false,
  }
}

type Context = Parameters<typeof inboundV1>[1]

function webhooksFor(message: Message, sent: PhoneMessage, settings: AccountSettings, context: Context): Webhook[] {
  const about = [message.id]
  if (rulesOf[message.channel].isOneWay?.(settings)) return []
  if (message.channel === 'sms' && settings.smsApiDefault === 'sms') {
    const parts = inboundSms(message, context, sent.concat)
    const url = settings.urls.inboundSms
    const format = settings.smsWebhookFormat
    return (sent.shuffle === true ? parts.toReversed() : parts).map((body) => ({
      kind: 'inbound',
      url,
      format,
      body,
      signing: 'sig',
      hasApplication: false,
      about,
    }))
  }
  const body = settings.webhookVersion === 'v1' ? inboundV1(message, context) : inboundV01(message)
  const url = settings.urls.inbound
  return [{ kind: 'inbound', url, format: 'post-json', body, signing: 'jwt', hasApplication: true, about }]
}

/** Opt-Out Assist answers by itself and still forwards the message. */
function assist(deps: PhoneDeps, message: Message): void {
  const reaction = reactToKeyword(message.content.text)
  if (!reaction) return
  if (reaction.kind === 'opted-in') deps.optOuts.remove(message.sender, message.address)
  const id = randomUUID()
  deps.carrier.accept({
    id,
    channel: 'sms',
    address: message.address,
    sender: message.sender,
    content: { type: 'text', text: reaction.answer },
    sending: { api: 'auto', auth: 'basic', partIds: [id], wantsReceipt: false },
  })
  if (reaction.kind === 'opted-out') deps.optOuts.add(message.sender, message.address)
}
