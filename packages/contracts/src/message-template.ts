import { z } from 'zod'

import { derivedId } from './ids.ts'

/** A WhatsApp message template: the only message allowed outside the 24-hour window. */
export const messageTemplate = z.strictObject({
  name: z.string().min(1).describe('"namespace:template" as approved'),
  locale: z.string().min(2).describe('such as en_US'),
  parameters: z.array(z.string()).default([]).describe('may contain {text}, which becomes the message text'),
})
export type MessageTemplate = z.infer<typeof messageTemplate>

/** The id of the template that goes out when a message's text was refused outside the window. */
export function templateMessageId(messageId: string): string {
  return derivedId('template', messageId)
}
