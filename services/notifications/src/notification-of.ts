import { fillText } from '@switchboard/contracts'
import type { MessageTemplate, NotificationRequest, NotificationSettings } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'

/** The record of a requested notification: the texts as the configuration has them now. */
export function notificationOf(request: NotificationRequest, settings: NotificationSettings): NotificationRecord {
  const { id, name, contact, variables, warnings, createdAt } = request
  const { acknowledgement, askAgain, handedOver, tooLate } = settings
  return {
    id,
    name,
    contact,
    variables,
    warnings,
    text: fillText(settings.text, variables),
    options: settings.options,
    texts: { acknowledgement, askAgain, handedOver, tooLate },
    createdAt,
    expiresAt: createdAt + settings.expiresAfterSeconds * 1_000,
    needsPerson: false,
    replies: [],
  }
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
