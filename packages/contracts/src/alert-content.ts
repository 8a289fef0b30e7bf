import type { Alert, PlanChannel } from './alert.ts'
import type { Texts } from './config.ts'
import { contentProblems } from './content-problems.ts'
import { fillContent } from './fill-content.ts'
import type { MessageParts } from './message-content.ts'
import type { OutboundMessage } from './outbound-message.ts'

/** Vonage (Messages 1.20, viber_service.action.text). */
const MAX_VIBER_TITLE = 30

type Said = Pick<OutboundMessage, 'content' | 'options' | 'media'>

/** What a channel says instead of the alert's text or beside it. A Dispatch caller's is sent as it is. */
export function alertContent(alert: Alert, { content, options }: PlanChannel, link: string): Said {
  const given: MessageParts = { ...(content ? { content } : {}), ...(options ? { options } : {}) }
  const { text, code, media, dispatch } = alert
  const own = dispatch ? given : (fillContent(given, { text, code, link }) ?? {})
  return { ...own, ...(media ? { media } : {}) }
}

/**
 * Answers to tap: WhatsApp's come back to us, Viber's one button opens the page, where there is room for it. Messenger has none
 * at Vonage, and a content has its own.
 */
export function withAlertButtons(
  said: Said,
  { alert: { code }, channel: { channel }, link }: { alert: Alert; channel: PlanChannel; link: string },
  { alertButton, alertPassButton }: Pick<Texts, 'alertButton' | 'alertPassButton'>,
): Said & Pick<OutboundMessage, 'buttons'> {
  if (channel === 'viber_service') {
    const viberButton = { url: link, text: alertButton.slice(0, MAX_VIBER_TITLE) }
    const buttoned = { ...said, options: { viberButton, ...said.options } }
    const isTaken = said.content?.type !== 'file' && contentProblems(channel, { ...buttoned, text: '' }).length === 0
    return isTaken ? buttoned : said
  }
  if (said.content) return said
  return {
    ...said,
    buttons: [
      { id: code, title: alertButton },
      { id: `pass ${code}`, title: alertPassButton },
    ],
  }
}
