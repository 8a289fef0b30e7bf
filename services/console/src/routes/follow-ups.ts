import { newId } from '@switchboard/contracts'
import type { FollowUp, NotificationRecord } from '@switchboard/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const SHOWN = 20

/** What a person should look at, oldest first, each with the notification it is about. */
export async function lookAtFollowUps({
  stores: { followUps, notifications },
}: Pick<RouteDeps, 'stores'>): Promise<(FollowUp & { notification: NotificationRecord | undefined })[]> {
  const open = await followUps.open(0, SHOWN)
  return Promise.all(
    open.map(async (each) => ({
      ...each,
      notification: each.notificationId === undefined ? undefined : await notifications.get(each.notificationId),
    })),
  )
}

const answerForm = z.object({ text: z.string().trim().min(1, 'write an answer').max(1_600) })
const choiceForm = z.object({ option: z.string().min(1) })

/** Answer in words, choose for them, or be done with it. */
export function followUpRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { stores, send, notificationReplies, now } = deps
  const find = async (request: FastifyRequest): Promise<FollowUp> => {
    const { id } = readInput(z.object({ id: z.string().max(60) }), request.params)
    const found = await stores.followUps.get(id)
    if (!found) throw notFound(`follow-up ${id}`)
    return found
  }

  app.post('/follow-ups/:id/answer', { config: { needs: 'responder' } }, async (request, reply) => {
    const { id, contact } = await find(request)
    const { text } = readInput(answerForm, request.body)
    await trace(request, deps, { action: 'follow-up.answer', target: id })
    await send({
      id: newId('answer'),
      channel: contact.channel,
      to: contact.address,
      text,
      purpose: 'reply',
      createdAt: now(),
      // Written by a person: no robot answers itself here.
      ignoresReplyLimit: true,
    })
    await stores.followUps.finish(id)
    return reply.redirect('/notifications#follow-ups', 303)
  })

  app.post('/follow-ups/:id/choose', { config: { needs: 'responder' } }, async (request, reply) => {
    const { id, notificationId } = await find(request)
    const { option } = readInput(choiceForm, request.body)
    if (notificationId === undefined) throw notFound(`notification of ${id}`)
    await trace(request, deps, { action: 'notification.choose', target: notificationId, detail: option })
    const at = now()
    await notificationReplies.enqueue({
      id: newId('console'),
      notificationId,
      text: option,
      sentAt: at,
      receivedAt: at,
    })
    await stores.followUps.finish(id)
    return reply.redirect('/notifications#follow-ups', 303)
  })

  app.post('/follow-ups/:id/done', { config: { needs: 'responder' } }, async (request, reply) => {
    const { id } = await find(request)
    await trace(request, deps, { action: 'follow-up.done', target: id })
    await stores.followUps.finish(id)
    return reply.redirect('/notifications#follow-ups', 303)
  })
}
