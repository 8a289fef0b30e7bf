import { derivedId, may, notificationFollowUpId, personId } from '@switchboard/contracts'
import type { FollowUp, NotificationRecord, Whose } from '@switchboard/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { readInput } from '../read-input.ts'
import { notFound, Refusal } from '../refusal.ts'
import { changeConsent } from './change-consent.ts'
import { readPersonId } from './person-view.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const SHOWN = 20

/** Whose are shown: those of whoever looks, of nobody, or all. */
const whoseQuery = z.object({ whose: z.enum(['mine', 'nobody', 'all']).catch('all') })

/** What a person should look at, oldest first, each with the notification it is about, and who could be asked to. */
export async function lookAtFollowUps(
  request: FastifyRequest,
  { stores: { followUps, notifications }, readAccounts }: Pick<RouteDeps, 'stores' | 'readAccounts'>,
) {
  const { whose } = readInput(whoseQuery, request.query)
  const [open, accounts] = await Promise.all([
    followUps.openOf(whoseOf(whose, sessionOf(request).name), SHOWN),
    readAccounts(),
  ])
  return {
    whose,
    colleagues: accounts.filter(canRespond).map(({ name }) => name),
    followUps: await Promise.all(
      open.map(async (each) => ({
        ...each,
        notification: each.notificationId === undefined ? undefined : await notifications.get(each.notificationId),
      })),
    ),
  }
}

function whoseOf(whose: 'mine' | 'nobody' | 'all', own: string): Whose {
  if (whose === 'all') return undefined
  return { name: whose === 'mine' ? own : undefined }
}

function canRespond({ role, disabledAt }: Awaited<ReturnType<RouteDeps['readAccounts']>>[number]): boolean {
  return may(role, 'responder') && disabledAt === undefined
}

/** Who has taken over a notification that needs a person. */
export async function assigneeOf(
  { id, needsPerson }: Pick<NotificationRecord, 'id' | 'needsPerson'>,
  { followUps }: Pick<RouteDeps['stores'], 'followUps'>,
): Promise<string | undefined> {
  return needsPerson ? (await followUps.get(notificationFollowUpId(id)))?.assignee?.name : undefined
}

const answerForm = z.object({ text: z.string().trim().min(1, 'write an answer').max(1_600) })
const choiceForm = z.object({ option: z.string().min(1) })
const assignForm = z.object({ from: z.string().max(100), to: z.string().max(100) })

/** Take it, or give it to somebody else; answer in words, choose or opt out for them, or be done with it. */
export function followUpRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { stores, send, notificationReplies, now } = deps

  app.post('/follow-ups/:id/assign', { config: { needs: 'responder' } }, async (request, reply) => {
    const { from, to } = readInput(assignForm, request.body)
    await mustBeAssignable(to, request, deps)
    const { id } = await assign(request, { from: from || undefined, to: to || undefined }, deps)
    await trace(request, deps, { action: 'follow-up.assign', target: id, detail: to || 'nobody' })
    return backToList(request, reply)
  })

  app.post('/follow-ups/:id/answer', { config: { needs: 'responder' } }, async (request, reply) => {
    const { text } = readInput(answerForm, request.body)
    const { id, contact } = await take(request, deps)
    await trace(request, deps, { action: 'follow-up.answer', target: id })
    await send({
      // Sent twice, from two tabs for example, it is one.
      id: derivedId('answer', id),
      channel: contact.channel,
      to: contact.address,
      text,
      purpose: 'reply',
      createdAt: now(),
      // Written by a person: no robot answers itself here.
      ignoresReplyLimit: true,
    })
    await stores.followUps.finish(id)
    return backToList(request, reply)
  })

  app.post('/follow-ups/:id/choose', { config: { needs: 'responder' } }, async (request, reply) => {
    const { option } = readInput(choiceForm, request.body)
    const { id, notificationId } = await take(request, deps)
    if (notificationId === undefined) throw notFound(`notification of ${id}`)
    await trace(request, deps, { action: 'notification.choose', target: notificationId, detail: option })
    const at = now()
    await notificationReplies.enqueue({
      id: derivedId('choice', id),
      notificationId,
      text: option,
      sentAt: at,
      receivedAt: at,
    })
    await stores.followUps.finish(id)
    return backToList(request, reply)
  })

  app.post('/follow-ups/:id/opt-out', { config: { needs: 'responder' } }, async (request, reply) => {
    const { id, contact } = await take(request, deps)
    const person = readPersonId(personId(contact))
    if (!person) throw notFound(`person of ${id}`)
    await changeConsent(request, person, 'out', deps)
    await stores.followUps.finish(id)
    return backToList(request, reply)
  })

  app.post('/follow-ups/:id/done', { config: { needs: 'responder' } }, async (request, reply) => {
    const { id } = await take(request, deps)
    await trace(request, deps, { action: 'follow-up.done', target: id })
    await stores.followUps.finish(id)
    return backToList(request, reply)
  })
}

/** Whoever deals with something has it from then on: two who do so at once are one, and one who is told. */
function take(request: FastifyRequest, deps: RouteDeps): Promise<FollowUp> {
  return assign(request, { from: undefined, to: sessionOf(request).name }, deps)
}

async function assign(
  request: FastifyRequest,
  change: { from: string | undefined; to: string | undefined },
  { stores }: Pick<RouteDeps, 'stores'>,
): Promise<FollowUp> {
  const { id } = readInput(z.object({ id: z.string().max(60) }), request.params)
  const assigned = await stores.followUps.assign(id, change)
  if (assigned.kind === 'assigned') return assigned.followUp
  if (assigned.kind === 'unknown') throw notFound(`follow-up ${id}`)
  const { name } = assigned.followUp.assignee ?? {}
  if (assigned.kind === 'done') {
    throw new Refusal(
      409,
      'Done already',
      `${name ?? 'Somebody else'} has dealt with it meanwhile. Nothing was done now.`,
    )
  }
  const now = name === undefined ? 'It was given back meanwhile' : `${name} has taken it`
  throw new Refusal(409, 'Not yours', `${now}. Nothing was done: go back, look, and take it over if you must.`)
}

/** To oneself, to nobody, or to an account that may deal with it. */
async function mustBeAssignable(to: string, request: FastifyRequest, { readAccounts }: RouteDeps): Promise<void> {
  if (to === '' || to === sessionOf(request).name) return
  const accounts = await readAccounts()
  if (!accounts.some((account) => account.name === to && canRespond(account))) {
    throw new Refusal(422, 'Not assigned', `There is no account ${to} that may deal with this.`)
  }
}

function backToList(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { whose } = readInput(whoseQuery, request.query)
  return reply.redirect(`/notifications${whose === 'all' ? '' : `?whose=${whose}`}#follow-ups`, 303)
}
