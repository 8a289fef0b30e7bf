import { fillText } from '@switchboard/contracts'
import type { Alert, AlertChannel, PlanChannel, Texts } from '@switchboard/contracts'

interface TextParts {
  alert: Pick<Alert, 'text' | 'code'>
  channel: PlanChannel
  link: string
  texts: Pick<Texts, 'alert' | 'alertSms' | 'alertViber' | 'alertCall'>
}

/** The longest text of each channel (Messages API 1.11, `talk`): an alert that is too long is better cut than refused. */
const longestText: Record<AlertChannel, number> = {
  sms: 1_000,
  whatsapp: 4_096,
  messenger: 640,
  viber_service: 1_000,
  voice: 1_500,
}

/** What a person receives: the alert, and how to acknowledge it on this channel. */
export function stepText({ alert, channel, link, texts }: TextParts): string {
  if (channel.text !== undefined) return channel.text
  const { text, code } = alert
  return fillToFit(templateFor(channel.channel, texts), { text, code, link }, longestText[channel.channel])
}

function templateFor(channel: AlertChannel, texts: TextParts['texts']): string {
  switch (channel) {
    case 'sms':
      return texts.alertSms
    case 'viber_service':
      return texts.alertViber
    case 'voice':
      return texts.alertCall
    case 'whatsapp':
    case 'messenger':
      return texts.alert
  }
}

export function closingText(
  alert: Pick<Alert, 'text' | 'code' | 'attendedBy'>,
  channel: AlertChannel,
  template: string,
): string {
  const { text, code, attendedBy } = alert
  return fillToFit(template, { text, code, who: attendedBy?.user ?? 'Somebody' }, longestText[channel])
}

/** An answer, cut where its channel would refuse it. */
export function cutText(text: string, channel: AlertChannel): string {
  return fillToFit('{text}', { text }, longestText[channel])
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
