import type { Alert, OutboundMessage, PlanChannel, SwitchboardConfig } from '@switchboard/contracts'

/** Vonage (Messages 1.20, viber_service.action.text). */
const MAX_VIBER_TITLE = 30

/** Answers to tap: WhatsApp's come back to us, Viber's one button opens the page. Messenger has none at Vonage. */
export function buttonsOf(
  { code }: Alert,
  { channel, content }: PlanChannel,
  link: string,
  { alertButton, alertPassButton }: SwitchboardConfig['texts'],
): Pick<OutboundMessage, 'buttons' | 'options'> {
  if (channel === 'viber_service')
    return content ? {} : { options: { viberButton: { url: link, text: alertButton.slice(0, MAX_VIBER_TITLE) } } }
  return {
    buttons: [
      { id: code, title: alertButton },
      { id: `pass ${code}`, title: alertPassButton },
    ],
  }
}
