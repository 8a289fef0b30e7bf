import { z } from 'zod'

import { hasResponseWindow, isAddress, isChannel, type Channel } from '../channels.ts'
import type { PhoneContent } from '../messages/phone-content.ts'
import { switchesSchema } from '../people.ts'
import type { World } from '../world.ts'
import { ControlError, controlRoute, type ControlRoute } from './route.ts'
import { viewOf } from './views.ts'

const text = z.string().max(10_000)

const sentSchema = z.strictObject({
  text: text.optional(),
  to: z.string().optional(),
  type: z
    .enum([
      'text',
      'image',
      'audio',
      'video',
      'file',
      'sticker',
      'location',
      'contacts',
      'order',
      'reply',
      'button',
      'reaction',
      'unsupported',
    ])
    .optional(),
  url: z.string().optional(),
  name: z.string().optional(),
  location: z
    .object({ lat: z.number(), long: z.number(), name: z.string().optional(), address: z.string().optional() })
    .optional(),
  /** The button that was pressed: id and title of a reply, payload and text of a quick reply. */
  reply: z.object({ id: z.string(), title: z.string() }).optional(),
  button: z.object({ payload: z.string(), text: z.string() }).optional(),
  /** An empty emoji takes the reaction back. */
  reaction: z.object({ emoji: z.string(), to: z.string() }).optional(),
  contacts: z.array(z.record(z.string(), z.unknown())).optional(),
  order: z.record(z.string(), z.unknown()).optional(),
  quoted: z.string().optional(),
  /** Sends the text as one part of a longer SMS (SMS API format). */
  concat: z
    .object({
      ref: z.coerce.string(),
      total: z.coerce.number().int().positive(),
      part: z.coerce.number().int().positive(),
    })
    .optional(),
  /** The parts of a long SMS arrive last part first. */
  shuffle: z.boolean().optional(),
  messageUuid: z.string().optional(),
  messageId: z.string().optional(),
})

type Sent = z.output<typeof sentSchema>

const personSchema = z
  .strictObject({
    name: z.string().min(1).max(80).optional(),
    number: z
      .string()
      .regex(/^[1-9]\d{6,14}$/, 'must be 7 to 15 digits without +')
      .optional(),
    messenger: z
      .string()
      .regex(/^\d{1,50}$/, 'must be 1 to 50 digits')
      .optional(),
  })
  .refine((person) => person.number !== undefined || person.messenger !== undefined, {
    message: 'number or messenger is required',
    path: ['number'],
  })

export function phoneRoutes(world: World): ControlRoute[] {
  return [...messageRoutes(world), ...peopleRoutes(world)]
}

function messageRoutes(world: World): ControlRoute[] {
  return [
    controlRoute({
      method: 'POST',
      path: '/phones/:channel/:address/messages',
      summary: 'Send a message as this phone',
      body: sentSchema,
      handle: ({ params, body }) => {
        const { channel, address } = phoneOf(params)
        const message = world.sendFromPhone({
          channel,
          address,
          to: body.to,
          content: contentOf(body),
          id: body.messageUuid ?? body.messageId,
          concat: body.concat && { ...body.concat },
          shuffle: body.shuffle,
        })
        return { message_uuid: message.id }
      },
    }),
    controlRoute({
      method: 'GET',
      path: '/phones/:channel/:address/messages',
      summary: 'The thread of this phone, oldest first; direction "in" was received by the phone',
      query: z.object({ limit: z.coerce.number().int().positive().optional() }),
      handle: ({ params, query }) => {
        const { channel, address } = phoneOf(params)
        const thread = world.messages.thread(channel, address)
        return { messages: (query.limit === undefined ? thread : thread.slice(-query.limit)).map(viewOf) }
      },
    }),
    controlRoute({
      method: 'POST',
      path: '/phones/:channel/:address/read',
      summary: 'Open the thread, or one message: sends `read` where the channel and the person have it',
      body: z.strictObject({ message_uuid: z.string().optional() }),
      handle: ({ params, body }) => {
        const { channel, address } = phoneOf(params)
        return { read: world.carrier.open(channel, address, body.message_uuid) }
      },
    }),
    controlRoute({
      method: 'PUT',
      path: '/phones/:channel/:address/window',
      summary: 'Open or close the 24-hour window: hours since the person last wrote, null for never',
      body: z.strictObject({ hoursAgo: z.number().min(0).nullable().default(0), sender: z.string().optional() }),
      handle: ({ params, body }) => {
        const { channel, address } = phoneOf(params)
        if (!hasResponseWindow(channel)) throw new ControlError(422, `${channel} has no response window`)
        const sender = body.sender ?? world.account.settings().senders[channel]
        const at = body.hoursAgo === null ? null : world.clock.now() - body.hoursAgo * 3_600_000
        world.people.ensure(channel, address)
        world.messages.heard(channel, address, sender, at)
        return { hoursAgo: body.hoursAgo }
      },
    }),
  ]
}

function peopleRoutes(world: World): ControlRoute[] {
  return [
    controlRoute({
      method: 'PUT',
      path: '/phones/:address/switches',
      summary: 'Turn the switches of the person at this address',
      body: switchesSchema,
      handle: ({ params, body }) => world.turnSwitches(params.address ?? '', body),
    }),
    controlRoute({
      method: 'GET',
      path: '/people',
      summary: 'Everybody who has a phone',
      handle: () => ({ people: world.people.list() }),
    }),
    controlRoute({
      method: 'POST',
      path: '/people',
      summary: 'Give somebody a phone, or rename them',
      body: personSchema,
      handle: ({ body }) => world.people.add(body),
    }),
  ]
}

function phoneOf(params: Record<string, string>): { channel: Channel; address: string } {
  const channel = params.channel === 'viber_service_msg' ? 'viber_service' : params.channel
  if (!isChannel(channel))
    throw new ControlError(422, `Unknown channel ${channel}`, [{ name: 'channel', reason: 'is unknown' }])
  const address = params.address ?? ''
  if (!isAddress(channel, address)) {
    throw new ControlError(422, `Not an address on ${channel}`, [
      { name: 'address', reason: 'must be digits without +' },
    ])
  }
  return { channel, address }
}

function contentOf(sent: Sent): PhoneContent {
  const quoted = sent.quoted === undefined ? {} : { quoted: sent.quoted }
  if (sent.reply) return { ...pressed('reply', sent.reply.title, sent.reply.id), ...quoted }
  if (sent.button) return { ...pressed('button', sent.button.text, sent.button.payload), ...quoted }
  if (sent.reaction) return { type: 'reaction', text: sent.reaction.emoji, reaction: sent.reaction }
  if (sent.location) {
    const { lat, long, name, address } = sent.location
    const named = { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) }
    return { type: 'location', text: name ?? '', location: { lat, long, ...named } }
  }
  const kind = sent.type ?? 'text'
  if (sent.contacts) return { type: 'contacts', text: '', contacts: sent.contacts, ...quoted }
  if (sent.order) return { type: 'order', text: '', order: sent.order, ...quoted }
  if (kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'file' || kind === 'sticker') {
    if (sent.url === undefined)
      throw new ControlError(422, 'Media needs a url', [{ name: 'url', reason: 'is required' }])
    const media = { kind, url: sent.url, ...(sent.name === undefined ? {} : { name: sent.name }) }
    return { type: kind, text: sent.text ?? '', media, ...quoted }
  }
  if (kind === 'text' && sent.text === undefined) {
    throw new ControlError(422, 'A message needs a text', [{ name: 'text', reason: 'is required' }])
  }
  return { type: kind, text: sent.text ?? '', ...quoted }
}

function pressed(type: 'reply' | 'button', title: string, value: string): PhoneContent {
  return { type, text: title, buttons: [{ kind: type === 'reply' ? 'reply' : 'quick-reply', title, value }] }
}
