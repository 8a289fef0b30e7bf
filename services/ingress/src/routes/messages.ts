import { addressProblem, channel, channels, messageState, newId, purpose } from '@switchboard/contracts'
import type { Contact, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import { readSoon } from '@switchboard/queue'
import { findMessages } from '@switchboard/store'
import type { Idempotency, ListPosition, MessageSources } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { once } from '../idempotent.ts'
import { messageBody, readMessage } from '../message-body.ts'
import { messageView, viewMessage } from '../message-view.ts'
import { enqueueOrUnavailable, Problem } from '../problem.ts'
import { callerOf } from '../require-token.ts'

export interface MessageRouteDeps {
  messageSettings: Pick<SwitchboardConfig, 'senders'>
  messages: MessageSources
  outbox: { send(message: OutboundMessage): Promise<void>; isPending(messageId: string): Promise<boolean> }
  idempotency: Pick<Idempotency, 'claim' | 'settle'>
  now: () => number
}

/** Messages of any kind: send one, look at it, list them. */
export function messageRoutes(app: FastifyInstance, deps: MessageRouteDeps): void {
  sendRoute(app, deps)
  readRoute(app, deps)
  listRoute(app, deps)
}

function sendRoute(app: FastifyInstance, { messageSettings, outbox, idempotency, now }: MessageRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/messages',
    {
      config: { scope: 'messages:write', does: 'message.send', isFrequent: true },
      schema: {
        summary: 'Send a message',
        description:
          'Text, or any content that the channel takes. Consent, the 24-hour window and the rate of the sender hold as for everything that is sent.',
        tags: ['messages'],
        body: messageBody,
        response: { 202: z.object({ id: z.string() }) },
      },
    },
    async (request, reply) => {
      const message = readMessage(request.body, messageSettings, { id: newId('msg'), now: now() })
      const id = await once(
        request,
        { by: callerOf(request).name, scope: 'message', id: message.id, idempotency },
        (id) => enqueueOrUnavailable({ enqueue: (sent: OutboundMessage) => outbox.send(sent) }, { ...message, id }),
      )
      return reply.code(202).header('location', `/api/messages/${id}`).send({ id })
    },
  )
}

function readRoute(app: FastifyInstance, { messages, outbox }: MessageRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/messages/:id',
    {
      config: { scope: 'messages:read' },
      schema: {
        summary: 'A message and what became of it',
        tags: ['messages'],
        params: z.object({ id: z.string().max(100) }),
        response: { 200: messageView },
      },
    },
    async ({ params: { id } }) => {
      const record = await readSoon(
        () => messages.ledger.get(id),
        () => outbox.isPending(id),
      )
      if (record) return viewMessage(id, record)
      throw new Problem(404, 'Unknown message', `There is no message ${id}, or its turn has not come.`)
    },
  )
}

const position = z
  .string()
  .regex(/^\d{1,15}\.\d{1,9}$/, 'must be `next` of the page before')
  .transform((text): ListPosition => {
    const [before = 0, offset = 0] = text.split('.').map(Number)
    return { before, offset }
  })
const moment = z.iso.datetime({ offset: true }).transform(Date.parse).optional()

function listRoute(app: FastifyInstance, { messages, now }: MessageRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/messages',
    {
      config: { scope: 'messages:read' },
      schema: {
        summary: 'List messages: the newest ten thousand, or those of one person',
        description: 'Newest first; feeds’ among them for two days. The last second may be missing from the list.',
        tags: ['messages'],
        querystring: z.object({
          state: messageState.optional(),
          purpose: purpose.optional(),
          to: z.string().max(60).optional().describe('a person: messages on all phone channels of the number'),
          channel: channel.optional(),
          since: moment.describe('made at this time or later'),
          until: moment.describe('made before this time'),
          limit: z.coerce.number().int().min(1).max(100).default(50),
          after: position.optional().describe('`next` of the page before'),
        }),
        response: { 200: z.object({ messages: z.array(messageView), next: z.string().nullable() }) },
      },
    },
    async ({ query: { to, channel: on, state, purpose, since, until, limit, after } }) => {
      const person = to === undefined ? undefined : personAt(to, on)
      const from = after ?? { before: until ?? now() + 1, offset: 0 }
      const { found, next } = await findMessages(messages, { state, purpose, since, person }, { from, limit })
      return {
        messages: found.map(({ id, ...record }) => viewMessage(id, record)),
        next: next ? `${next.before}.${next.offset}` : null,
      }
    },
  )
}

/** A number is one person on all phone channels; a Messenger id is found by its channel. */
function personAt(to: string, on: Contact['channel'] | undefined): Contact {
  const address = to.replace(/^\+/, '')
  const fitting = channels.find((each) => (on ?? each) === each && addressProblem(each, address) === undefined)
  if (fitting) return { channel: fitting, address }
  throw new Problem(422, 'Not valid', 'to: is not an address', [{ field: 'to', message: 'is not an address' }])
}
