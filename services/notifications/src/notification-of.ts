import { fillText } from '@switchboard/contracts'
import type { MessageTemplate, NotificationRequest, NotificationSettings } from '@switchboard/contracts'
import type { AskOutcome, NotificationRecord } from '@switchboard/store'

/** The record of a requested notification: the texts as the configuration has them now, and its place among the others. */
export function notificationOf(
  request: NotificationRequest,
  settings: NotificationSettings,
  place: AskOutcome,
): NotificationRecord {
  const { id, name, contact, variables, warnings, createdAt } = request
  const { acknowledgement, whichQuestion, askAgain, handedOver, tooLate } = settings
  return {
    id,
    name,
    contact,
    variables,
    warnings,
    text: fillText(settings.text, variables),
    options: settings.options,
    texts: { acknowledgement, whichQuestion, askAgain, handedOver, tooLate },
    createdAt,
    expiresAt: expiryOf(request, settings),
    needsPerson: false,
    replies: [],
    ...(place.kind === 'superseded' ? { supersededBy: place.by } : {}),
    ...(place.kind === 'newest' && place.replaced !== undefined ? { replaces: place.replaced } : {}),
  }
}

export function expiryOf({ createdAt }: NotificationRequest, { expiresAfterSeconds }: NotificationSettings): number {
  return createdAt + expiresAfterSeconds * 1_000
}

/** The template for WhatsApp with the variables of this notification; {text} stays for the sender to fill. */
export function templateOf(
  { whatsappTemplate }: NotificationSettings,
  { variables }: NotificationRecord,
): MessageTemplate | undefined {
  if (!whatsappTemplate) return undefined
  const parameters = whatsappTemplate.parameters.map((parameter) => fillText(parameter, variables))
  return { ...whatsappTemplate, parameters }
}

/** The contact has a newer question: an answer would be meant for that one. */
export function markSuperseded(current: NotificationRecord | undefined, by: string): NotificationRecord | undefined {
  return !current || current.supersededBy !== undefined ? current : { ...current, supersededBy: by }
}
