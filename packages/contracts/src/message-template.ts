import { z } from 'zod'

/** A WhatsApp message template: the only message allowed outside the 24-hour window. */
export const messageTemplate = z.strictObject({
  name: z.string().min(1).describe('"namespace:template" as approved'),
  locale: z.string().min(2).describe('such as en_US'),
  parameters: z.array(z.string()).default([]).describe('may contain {text}, which becomes the message text'),
})
export type MessageTemplate = z.infer<typeof messageTemplate>
