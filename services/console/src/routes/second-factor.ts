import type { Account } from '@switchboard/store'
import { seal, unseal } from '@switchboard/tokens'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { renderSVG } from 'uqr'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { newTotpSecret, stepOfCode, totpUri } from '../auth/second-factor.ts'
import { startSession } from '../auth/start-session.ts'
import { readInput } from '../read-input.ts'
import { notFound, Refusal } from '../refusal.ts'
import { actorOf } from '../trail.ts'
import { requireAccount, requirePassword } from './own-account.ts'
import type { RouteDeps } from './route-deps.ts'

/** An app that makes codes, for the own account: switched on with one of its codes, off with the password. */
export function secondFactorRoutes(app: FastifyInstance, deps: RouteDeps): void {
  setUpRoute(app, deps)
  takeAwayRoutes(app, deps)
}

const NOT_THE_CODE = 'That is not the code. Type the one that the app shows now; clocks may differ by 30 seconds.'
const TOO_OLD = 'That page was too old. Let the app read this picture instead.'
const setUpForm = z.object({ sealed: z.string().max(300), code: z.string().max(20) })

function setUpRoute(app: FastifyInstance, deps: RouteDeps): void {
  const { pages, sessionSecret, acts, now } = deps
  const show = (request: FastifyRequest, reply: FastifyReply, name: string, secret: string, problem?: string) =>
    pages.show(request, reply, 'second-factor', {
      title: 'Second factor',
      section: 'account',
      secret,
      picture: Buffer.from(renderSVG(totpUri(secret, name))).toString('base64'),
      sealed: seal(sessionSecret, 'totp', secret),
      isOwed: sessionOf(request).owes === 'second-factor',
      problem,
    })

  app.get('/account/second-factor', async (request, reply) => {
    const { name } = await requireNone(request, deps)
    return show(request, reply, name, newTotpSecret())
  })

  app.post('/account/second-factor', { config: { needs: 'viewer' } }, async (request, reply) => {
    const { name } = await requireNone(request, deps)
    const { sealed, code } = readInput(setUpForm, request.body)
    const secret = unseal(sessionSecret, 'totp', sealed)
    if (secret === undefined) return show(request, reply.code(422), name, newTotpSecret(), TOO_OLD)
    const lastStep = stepOfCode(secret, code, now())
    if (lastStep === undefined) return show(request, reply.code(422), name, secret, NOT_THE_CODE)
    const set = await acts.setSecondFactor(name, { sealed, lastStep }, actorOf(sessionOf(request)))
    if (!set) throw notFound(`account ${name}`)
    await startSession(request, reply, { kind: 'account', name, epoch: set.account.epoch }, deps)
    return pages.show(request, reply, 'recovery-codes', {
      title: 'Recovery codes',
      section: 'account',
      codes: set.codes,
    })
  })
}

/** An open session alone replaces no second factor: switching it off asks for the password. */
async function requireNone(request: FastifyRequest, deps: RouteDeps): Promise<Account> {
  const account = await requireAccount(request, deps)
  if (account.secondFactor) throw new Refusal(409, 'It is on', 'Switch the second factor off first.')
  return account
}

const passwordForm = z.object({ current: z.string().max(200) })

function takeAwayRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { pages, acts } = deps
  app.post('/account/second-factor/remove', { config: { needs: 'viewer' } }, async (request, reply) => {
    const account = await requireAccount(request, deps)
    if (deps.secondFactor.isRequired)
      throw new Refusal(409, 'Required here', 'To take another app, ask an admin to reset your account.')
    await requirePassword(account, readInput(passwordForm, request.body).current, deps)
    await acts.removeSecondFactor(account.name, actorOf(sessionOf(request)))
    return reply.redirect('/account?done=second-factor', 303)
  })
  app.post('/account/recovery-codes', { config: { needs: 'viewer' } }, async (request, reply) => {
    const account = await requireAccount(request, deps)
    await requirePassword(account, readInput(passwordForm, request.body).current, deps)
    if (!account.secondFactor) throw new Refusal(409, 'No second factor', 'There is nothing to recover from.')
    const codes = await acts.renewRecoveryCodes(account.name, actorOf(sessionOf(request)))
    return pages.show(request, reply, 'recovery-codes', { title: 'Recovery codes', section: 'account', codes })
  })
}
