import { factsOf, isChannel } from './channel.ts'
import type { OutboundMessage } from './outbound-message.ts'

/** Whether a message goes out only within 24 hours of the person's last one. */
export function needsWindow(message: Pick<OutboundMessage, 'channel' | 'content' | 'options'>): boolean {
  return isChannel(message.channel) && (factsOf[message.channel].needsWindow?.(message) ?? false)
}
