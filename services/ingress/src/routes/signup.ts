import { randomBytes } from 'node:crypto'

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import { contactId, derivedId } from '@switchboard/contracts'
import type { AuditEntry, Contact, Enqueue, SignupRequest } from '@switchboard/contracts'
import { createSeldom, networkOf } from '@switchboard/runtime'
import type { Quotas, Signups } from '@switchboard/store'
import { issueLinkToken, verifyLinkToken } from '@switchboard/tokens'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { sentPage, signupPage, troublePage } from '../pages/signup-page.ts'
import type { SignupPage } from '../pages/signup-page.ts'
import { signupScript } from '../pages/signup-script.ts'
import { readSignup, signupChannels, signupForm } from '../signup-form.ts'
import type { SignupForm, SignupPageSettings } from '../signup-form.ts'
import { signupAnswerRoutes } from './signup-answer.ts'

export interface SignupRouteDeps {
  sessionSecret: string
  /** The cookie is for this address only, and for TLS only where it has it. */
  publicUrl: string
  signupSettings: SignupPageSettings
  signupRequests: Enqueue<SignupRequest>
  trail: Enqueue<AuditEntry>
  signups: Pick<Signups, 'get'>
  quotas: Pick<Quotas, 'take'>
  countLimited: (limit: SignupLimit) => void
  now: () => number
}

export type SignupLimit = 'ip' | 'address' | 'country' | 'all'

const COOKIE = 'sb_signup'
const FORM_SECONDS = 2 * 3_600
const HOUR_SECONDS = 3_600
const DAY_SECONDS = 86_400

/** The public sign-up form. It needs no login, so it sends nothing but one question, and only so many of those. */
export async function signupRoutes(app: FastifyInstance, deps: SignupRouteDeps): Promise<void> {
  await app.register(cookie)
  await app.register(formbody)
  app.setErrorHandler(showTrouble)
  const hidden = { schema: { hide: true } }
  const seldom = createSeldom(deps.now)

  app.get('/signup', hidden, (request, reply) => showForm(request, reply, 200, {}, deps))
  app.get('/signup/sent', hidden, (_request, reply) => sendHtml(reply, 200, sentPage()))
  app.get('/signup/form.js', hidden, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'max-age=3600').send(signupScript),
  )
  app.post('/signup', hidden, (request, reply) => takeForm(request, reply, deps, seldom))
  signupAnswerRoutes(app, deps)
}

async function takeForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: SignupRouteDeps,
  seldom: ReturnType<typeof createSeldom>,
): Promise<FastifyReply> {
  const form = signupForm.parse(request.body ?? {})
  const nonce = request.cookies[COOKIE]
  if (!isFromThisBrowser(form.token, nonce, deps) || nonce === undefined) {
    const problem =
      'The form was open for too long, another one was sent meanwhile, or your browser refuses cookies. Please send it again.'
    return showForm(request, reply, 403, { form, problem }, deps)
  }
  const read = readSignup(form, deps.signupSettings)
  if (read.kind === 'invalid') return showForm(request, reply, 422, { form, errors: read.errors }, deps)
  // A program filled in what people do not see: it may think that it has won.
  if (form.website !== '') return sent(reply)

  // Short: it is part of two links in one message.
  const id = derivedId('signup', nonce, `:${contactId(read.contact)}`, read.topic).slice(0, 29)
  const limit = await limitReached(request.ip, read, id, deps)
  if (limit !== undefined) {
    seldom((fields, event) => request.log.warn(fields, event), { limit }, 'signup.limited')
    deps.countLimited(limit)
    if (limit === 'address') return sent(reply)
    const text = 'There were too many sign-ups from here. Please try again later.'
    return sendHtml(reply.header('retry-after', String(HOUR_SECONDS)), 429, troublePage('Too many sign-ups', text))
  }
  const somebody = { kind: 'somebody', who: 'somebody', via: 'form' } as const
  await deps.trail.enqueue({ ...somebody, id: derivedId('form', id), at: deps.now(), action: 'signup.ask', target: id })
  await deps.signupRequests.enqueue({ kind: 'ask', id, contact: read.contact, topic: read.topic, at: deps.now() })
  request.log.info({ signupId: id, channel: read.contact.channel, topic: read.topic }, 'signup.requested')
  return sent(reply)
}

/** The next form is another one; going back and forth in the browser does not send this one again. */
function sent(reply: FastifyReply): FastifyReply {
  return reply.clearCookie(COOKIE, { path: '/signup' }).redirect('/signup/sent', 303)
}

/** Which limit a sign-up exceeds. One number's is not told: it would say that somebody has signed it up. */
async function limitReached(
  ip: string,
  { contact, country = 'unknown' }: { contact: Contact; country: string | undefined },
  id: string,
  { quotas, signupSettings: { signup } }: SignupRouteDeps,
): Promise<SignupLimit | undefined> {
  const perIp = { name: 'signup-ip', subject: networkOf(ip), max: signup.perIpPerHour, windowSeconds: HOUR_SECONDS }
  if (!(await quotas.take(perIp, id))) return 'ip'
  const { address } = contact
  const perAddress = {
    name: 'signup-address',
    subject: address,
    max: signup.perAddressPerDay,
    windowSeconds: DAY_SECONDS,
  }
  if (!(await quotas.take(perAddress, id))) return 'address'
  const perCountry = {
    name: 'signup-country',
    subject: country,
    max: signup.perCountryPerDay,
    windowSeconds: DAY_SECONDS,
  }
  if (!(await quotas.take(perCountry, id))) return 'country'
  const inAll = { name: 'signup-all', subject: 'all', max: signup.perDay, windowSeconds: DAY_SECONDS }
  return (await quotas.take(inAll, id)) ? undefined : 'all'
}

interface FormState {
  form?: SignupForm
  errors?: SignupPage['errors']
  problem?: string
}

function showForm(
  request: FastifyRequest,
  reply: FastifyReply,
  statusCode: number,
  state: FormState,
  { sessionSecret, publicUrl, signupSettings, now }: SignupRouteDeps,
): FastifyReply {
  const channels = signupChannels(signupSettings)
  const topics = Object.keys(signupSettings.feeds)
  if (channels.length === 0 || topics.length === 0) {
    return sendHtml(reply, 404, troublePage('Not available', 'There is nothing to sign up for at the moment.'))
  }
  const known = request.cookies[COOKIE]
  const nonce = known !== undefined && /^[\w-]{22}$/.test(known) ? known : randomBytes(16).toString('base64url')
  const token = issueLinkToken(sessionSecret, {
    purpose: 'signup',
    subject: nonce,
    ttlSeconds: FORM_SECONDS,
    now: now(),
  })
  const secure = publicUrl.startsWith('https:')
  void reply.setCookie(COOKIE, nonce, {
    path: '/signup',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: FORM_SECONDS,
  })
  const { signup, senders } = signupSettings
  const { form = {}, errors = {}, ...rest } = state
  const view = { title: signup.title, channels, topics, form, errors, token, messenger: senders.messenger, ...rest }
  return sendHtml(reply, statusCode, signupPage(view))
}

/** Another site can make a browser send a form, but not one with a token for the cookie that this browser has. */
function isFromThisBrowser(token: string, nonce: string | undefined, { sessionSecret, now }: SignupRouteDeps): boolean {
  const check = verifyLinkToken(sessionSecret, { purpose: 'signup', token, now: now() })
  return check.kind === 'valid' && check.subject === nonce
}

function showTrouble(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const statusCode = error.statusCode ?? 503
  if (statusCode >= 500) request.log.error({ error }, 'request.failed')
  const text =
    statusCode >= 500 ? 'Something is wrong on our side. Please try again in a few minutes.' : 'Please try again later.'
  return sendHtml(reply, statusCode, troublePage('That did not work', text))
}

function sendHtml(reply: FastifyReply, statusCode: number, html: string): FastifyReply {
  return reply
    .code(statusCode)
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .type('text/html; charset=utf-8')
    .send(html)
}
