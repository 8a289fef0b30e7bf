import { fillText } from '@switchboard/contracts'
import type { Alert, Channel, PlanChannel, Texts } from '@switchboard/contracts'

interface TextParts {
  alert: Pick<Alert, 'text' | 'code'>
  channel: PlanChannel
  link: string
  texts: Pick<Texts, 'alert' | 'alertSms' | 'alertViber'>
}

/** The longest text of each channel (Messages API 1.11): an alert that is too long is better cut than refused. */
const longestText: Record<Channel, number> = { sms: 1_000, whatsapp: 4_096, messenger: 640, viber_service: 1_000 }

/** What a person receives: the alert, and how to acknowledge it on this channel. */
export function stepText({ alert, channel, link, texts }: TextParts): string {
  if (channel.text !== undefined) return channel.text
  const { text, code } = alert
  return fillToFit(templateFor(channel.channel, texts), { text, code, link }, longestText[channel.channel])
}

function templateFor(channel: Channel, texts: TextParts['texts']): string {
  if (channel === 'sms') return texts.alertSms
  return channel === 'viber_service' ? texts.alertViber : texts.alert
}

export function closingText(
  alert: Pick<Alert, 'text' | 'code' | 'attendedBy'>,
  channel: Channel,
  template: string,
): string {
  const { text, code, attendedBy } = alert
  return fillToFit(template, { text, code, who: attendedBy?.user ?? 'Somebody' }, longestText[channel])
}

/** In GSM-7, which `…` is not: it would more than double the parts of an SMS. */
const CUT = '...'

/** Cuts the alert itself, never the way to acknowledge it. */
function fillToFit(template: string, values: Record<string, string> & { text: string }, limit: number): string {
  const filled = fillText(template, values)
  if (filled.length <= limit) return filled
  const around = fillText(template, { ...values, text: '' }).length
  // Half of a surrogate pair at the end would not be valid text.
  const kept = values.text.slice(0, Math.max(0, limit - around - CUT.length)).replace(/[\uD800-\uDBFF]$/, '')
  const text = `${kept.trimEnd()}${CUT}`
  return fillText(template, { ...values, text }).slice(0, limit)
}
