import { isTemplate } from './message-content.ts'
import type { OutboundMessage } from './outbound-message.ts'

/**
 * WhatsApp and Messenger allow free text only within 24 hours of the person's last message; templates and messages with a
 * tag at any time.
 */
export function needsWindow({
  channel,
  content,
  options,
}: Pick<OutboundMessage, 'channel' | 'content' | 'options'>): boolean {
  if (channel === 'messenger') return options?.messengerTag === undefined
  return channel === 'whatsapp' && !(content && isTemplate(content))
}
