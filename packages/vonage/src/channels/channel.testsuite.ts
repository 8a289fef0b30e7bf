import { addressProblem, factsOf } from '@switchboard/contracts'
import type { Channel } from '@switchboard/contracts'
import { describe, expect, test } from 'vitest'

import { v01Body, v1Body } from '../message-bodies.ts'
import { testMessage } from '../testing/stub-vonage.ts'

export interface ChannelCase {
  channel: Channel
  sender: string
  recipient: string
  maxTextLength: number
  /** As Messages v0.1 writes the two addresses. */
  v01: { from: object; to: object }
}

const TEMPLATE = { name: 'namespace:verify', locale: 'en_GB', parameters: ['{text}'] }

/** What every channel must do alike. */
export function testChannel({ channel, sender, recipient, maxTextLength, v01 }: ChannelCase): void {
  const message = testMessage({ channel, to: recipient, text: 'Hi & <b>“you”</b> 👍\n' })

  describe(channel, () => {
    test('sends text unchanged with v1', () => {
      expect(v1Body(message, sender)).toEqual({
        channel,
        message_type: 'text',
        to: recipient,
        from: sender,
        text: message.text,
        client_ref: message.id,
      })
    })

    test('sends text unchanged with v0.1', () => {
      expect(v01Body(message, sender, 'objects')).toEqual({
        ...v01,
        message: { content: { type: 'text', text: message.text } },
        client_ref: message.id,
      })
    })

    test('knows its limit', () => {
      expect(factsOf[channel].maxTextLength).toBe(maxTextLength)
    })

    test('takes the recipient and the sender', () => {
      expect(addressProblem(channel, recipient)).toBeUndefined()
      expect(factsOf[channel].sender.safeParse(sender).success).toBe(true)
    })

    test('leaves templates to WhatsApp', () => {
      const expected = channel === 'whatsapp' ? 'template' : 'text'
      const templated = { ...message, template: TEMPLATE }
      expect(v1Body(templated, sender).message_type).toBe(expected)
      expect(v01Body(templated, sender, 'objects').message.content.type).toBe(expected)
    })

    test('has buttons where the API has them, the same text elsewhere', () => {
      const asking = { ...message, buttons: [{ id: '2', title: 'Thursday' }] }
      const interactive = {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: message.text },
          action: { buttons: [{ type: 'reply', reply: { id: '2', title: 'Thursday' } }] },
        },
      }
      const isWhatsapp = channel === 'whatsapp'
      expect(v1Body(asking, sender)).toMatchObject(
        isWhatsapp
          ? { message_type: 'custom', custom: interactive }
          : { message_type: 'text', text: message.text, to: recipient },
      )
      expect(v01Body(asking, sender, 'objects').message).toEqual({
        content: isWhatsapp ? { type: 'custom', custom: interactive } : { type: 'text', text: message.text },
      })
    })
  })
}
