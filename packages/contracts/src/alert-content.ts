import type { Alert, PlanChannel } from './alert.ts'
import { factsOf, isChannel } from './channel.ts'
import type { Texts } from './config.ts'
import { contentProblems } from './content-problems.ts'
import { fillContent } from './fill-content.ts'
import type { MessageParts } from './message-content.ts'
import type { OutboundMessage } from './outbound-message.ts'

type Said = Pick<OutboundMessage, 'content' | 'options' | 'media'>

/** What a channel says instead of the alert's text or beside it. A Dispatch caller's is sent as it is. */
export function alertContent(alert: Alert, { content, options }: PlanChannel, link: string): Said {
  const given: MessageParts = { ...(content ? { content } : {}), ...(options ? { options } : {}) }
  const { text, code, media, dispatch } = alert
  const own = dispatch ? given : (fillContent(given, { text, code, link }) ?? {})
  return { ...own, ...(media ? { media } : {}) }
}

/**
 * A tap that acknowledges: one link to the page, on a channel that has that, where there is room for it; else answers that come
 * back to us, which each channel shows as it can. A content has its own.
 */
export function withAlertButtons(
  said: Said,
  { alert: { code }, channel: { channel }, link }: { alert: Alert; channel: PlanChannel; link: string },
  { alertButton, alertPassButton }: Pick<Texts, 'alertButton' | 'alertPassButton'>,
): Said & Pick<OutboundMessage, 'buttons'> {
  const linkButton = isChannel(channel) && factsOf[channel].linkButton
  if (linkButton) {
    const options = linkButton(said.content, { url: link, text: alertButton })
    const buttoned = { ...said, options: { ...options, ...said.options } }
    return options && contentProblems(channel, { ...buttoned, text: '' }).length === 0 ? buttoned : said
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
