import { z } from 'zod'

import { channelFromV01, isAddress, isChannel, rulesOf, type Channel } from '../channels.ts'
import { isUserId } from '../channels/addresses.ts'
import { switchesSchema } from '../people.ts'
import type { World } from '../world.ts'
import { ControlError, controlRoute, type ControlRoute } from './route.ts'
import { contentOf, sentSchema } from './sent-content.ts'
import { viewOf } from './views.ts'

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
    userId: z.string().refine(isUserId, 'must be a user id of WhatsApp, such as GB.1349').optional(),
  })
  .refine(({ number, messenger, userId }) => number ?? messenger ?? userId, {
    message: 'number, messenger or userId is required',
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
        if (body.type === 'binary') requireSmsApi(channel, world)
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
        if (!rulesOf[channel].hasResponseWindow) throw new ControlError(422, `${channel} has no response window`)
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
  const channel = channelFromV01(params.channel) ?? params.channel
  if (!isChannel(channel))
    throw new ControlError(422, `Unknown channel ${channel}`, [{ name: 'channel', reason: 'is unknown' }])
  const address = params.address ?? ''
  if (!isAddress(channel, address)) {
    throw new ControlError(422, `Not an address on ${channel}`, [
      { name: 'address', reason: rulesOf[channel].addressForm },
    ])
  }
  return { channel, address }
}

function requireSmsApi(channel: Channel, { account }: Pick<World, 'account'>): void {
  if (channel === 'sms' && account.settings().smsApiDefault === 'sms') return
  throw new ControlError(422, 'Binary SMS arrive in the format of the SMS API alone (smsApiDefault)')
}
