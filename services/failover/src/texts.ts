import type { Alert, Channel, PlanChannel, Texts } from '@switchboard/contracts'

interface TextParts {
  alert: Pick<Alert, 'text' | 'code'>
  channel: PlanChannel
  link: string
  texts: Pick<Texts, 'alert' | 'alertSms' | 'alertViber'>
}

/** What a person receives: the alert, and how to acknowledge it on this channel. */
export function stepText({ alert, channel, link, texts }: TextParts): string {
  if (channel.text !== undefined) return channel.text
  return fill(templateFor(channel.channel, texts), { text: alert.text, code: alert.code, link })
}

function templateFor(channel: Channel, texts: TextParts['texts']): string {
  if (channel === 'sms') return texts.alertSms
  return channel === 'viber_service' ? texts.alertViber : texts.alert
}

export function closingText(alert: Alert, template: string): string {
  return fill(template, { text: alert.text, code: alert.code, who: alert.attendedBy?.user ?? 'Somebody' })
}

/** One pass: what a value contains is not a placeholder. */
function fill(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder)
}
