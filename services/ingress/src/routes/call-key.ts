import { fillText, voiceOf } from '@switchboard/contracts'
import type {
  Alert,
  AlertAttention,
  AlertPlan,
  AuditEntry,
  Enqueue,
  StatusWebhook,
  StepRef,
  SwitchboardConfig,
} from '@switchboard/contracts'
import { isAnsweredByMachine, uuidInCall } from '@switchboard/store'
import type { Alerts, Calls, Ledger, WaitingCall, WaitingCalls } from '@switchboard/store'
import { verifyLinkToken } from '@switchboard/tokens'
import { askNcco, parseKey, sayNcco } from '@switchboard/vonage'
import type { KeyPressed, Ncco } from '@switchboard/vonage'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { actEntry } from '../act-entry.ts'
import { enqueueOrUnavailable, Problem } from '../problem.ts'
import { decodeBody, receiveBytes } from '../webhook-body.ts'

export interface CallKeyDeps {
  /** Throws a Problem unless the request is signed by Vonage for our application, or need not be. */
  requireVoiceSignature: (request: FastifyRequest) => Promise<void>
  sessionSecret: string
  publicUrl: string
  ledger: Pick<Ledger, 'get'>
  alerts: Pick<Alerts, 'get' | 'plan'>
  calls: Pick<Calls, 'get'>
  waitingCalls: Pick<WaitingCalls, 'list' | 'join'>
  status: Enqueue<StatusWebhook>
  attention: Enqueue<AlertAttention>
  trail: Enqueue<AuditEntry>
  callSettings: Pick<SwitchboardConfig, 'texts' | 'calls'>
  now: () => number
}

/** What is known of a call when a key is pressed in it. */
interface SpokenAlert {
  messageId: string
  text: string
  number: string
  alert: Alert
  plan: AlertPlan
  step: StepRef
  /** What waits for the line of the number, and what has joined a call with it. */
  waiting: WaitingCall[]
}

/** The keys that are pressed while an alert is spoken; each is answered with what is said next. */
export function callKeyWebhook(app: FastifyInstance, deps: CallKeyDeps): void {
  receiveBytes(app)
  app.addHook('preHandler', deps.requireVoiceSignature)
  app.post<{ Params: { token: string } }>(
    '/webhooks/call-key/:token',
    { schema: { hide: true }, config: { isRepeatable: true } },
    async (request, reply) => {
      const { token } = request.params
      const parsed = parseKey(decodeBody(request), deps.now())
      const spoken = parsed.kind === 'parsed' ? await find(token, parsed.value, deps) : undefined
      if (!spoken || parsed.kind !== 'parsed') throw new Problem(404, 'Unknown call', 'Nothing is asked in this call.')
      // Which keys somebody presses is theirs: it may be a number they know by heart.
      request.log.info({ call: parsed.value.uuid, alertId: spoken.alert.id }, 'call.key')
      const ncco = await answer(spoken, parsed.value, token, deps)
      return reply.code(200).type('application/json').send(JSON.stringify(ncco))
    },
  )
}

async function find(token: string, { uuid }: KeyPressed, deps: CallKeyDeps): Promise<SpokenAlert | undefined> {
  const check = verifyLinkToken(deps.sessionSecret, { purpose: 'call', token, now: deps.now() })
  if (check.kind !== 'valid') return undefined
  const { subject: messageId } = check
  const record = await deps.ledger.get(messageId)
  // What joined the call a moment ago has no record yet.
  const number = record?.to ?? (await deps.calls.get(uuid))?.to
  if (number === undefined) return undefined
  const waiting = await deps.waitingCalls.list(number)
  const joined = waiting.find((each) => each.messageId === messageId && each.joined?.leg === uuid)
  const step = record?.about?.kind === 'alert' ? record.about.step : joined?.step
  const text = record?.text ?? joined?.text
  const alert = step && (await deps.alerts.get(step.alertId))
  if (!step || text === undefined || !alert) return undefined
  return { messageId, text, number, alert, plan: await deps.alerts.plan(alert.planId), step, waiting }
}

/** Answered once Redis has what the key means. Whatever else waits for the number is said next, instead of calling again. */
async function answer(spoken: SpokenAlert, pressed: KeyPressed, token: string, deps: CallKeyDeps): Promise<Ncco> {
  const { alert, plan, step, messageId } = spoken
  const { texts, calls } = deps.callSettings
  const user = plan.users[step.user]
  const voice = voiceOf(user?.channels[step.channel], calls)
  const say = async (text: string) => [...sayNcco({ text, ...voice }), ...(await sayNext(spoken, pressed, deps))]
  if (alert.state === 'cancelled') return say(texts.callCancelled)
  const { attendedBy } = alert
  if (attendedBy) {
    const isOwn = attendedBy.user === user?.name
    return say(isOwn ? texts.callTaken : fillText(texts.callOver, { who: attendedBy.user ?? 'somebody' }))
  }
  const trace = (act: 'mine' | 'pass') => {
    const entry = {
      alert,
      plan,
      user: step.user,
      act,
      via: 'call',
      evidenceId: `${act}.${messageId}`,
      at: deps.now(),
    } as const
    return enqueueOrUnavailable(deps.trail, actEntry(entry))
  }
  switch (pressed.key) {
    case '1':
      await trace('mine')
      await enqueueOrUnavailable(deps.status, seen(spoken, pressed, deps.now()))
      return say(texts.callTaken)
    case '2': {
      await trace('pass')
      const evidence = { kind: 'pass', step, how: 'call' } as const
      const passed = { alertId: alert.id, at: deps.now(), evidenceId: `pass.${messageId}`, evidence }
      await enqueueOrUnavailable(deps.attention, passed)
      return say(isAnybodyLeft(alert, plan, step) ? texts.callPassed : texts.callNobody)
    }
    default: {
      // The text is on it by now.
      if (isAnsweredByMachine(await deps.calls.get(pressed.uuid))) return []
      const { href: keysUrl } = new URL(`/webhooks/call-key/${token}`, deps.publicUrl)
      return askNcco({ text: spoken.text, keysUrl, ...voice })
    }
  }
}

/** The next alert that waits for this number joins the call. Asked again, it is the same one. */
async function sayNext(
  { messageId, number, waiting }: SpokenAlert,
  { uuid, key }: KeyPressed,
  deps: CallKeyDeps,
): Promise<Ncco> {
  // A machine presses none, and shall not keep anything from being said to somebody.
  if (key === '') return []
  const joined = { leg: uuid, after: messageId }
  const chosen = waiting.find((each) => each.joined?.leg === uuid && each.joined.after === messageId)
  if (chosen) return ask(chosen)
  for (const next of waiting.filter((each) => !each.joined)) {
    if (!isAtStep(await deps.alerts.get(next.step.alertId), next.step)) continue
    if (await deps.waitingCalls.join(number, next, joined)) return ask(next)
  }
  return []
}

function ask({ text, call: { keysUrl, language, style } }: WaitingCall): Ncco {
  return askNcco({ text, keysUrl, language, ...(style === undefined ? {} : { style }) })
}

/** What has ended, or has gone on to another step, is not said any more. */
function isAtStep(alert: Alert | undefined, { user, channel, round }: StepRef): boolean {
  if (alert?.state !== 'walking') return false
  const at = alert.step
  return at.user === user && at.channel === channel && at.round === round
}

/** Key 1 is to a call what reading is to a message, so it takes the same way. */
function seen({ messageId, waiting }: SpokenAlert, { uuid, at }: KeyPressed, receivedAt: number): StatusWebhook {
  const isJoined = waiting.some((each) => each.messageId === messageId && each.joined?.leg === uuid)
  const messageUuid = isJoined ? uuidInCall(uuid, messageId) : uuid
  return { kind: 'message', messageUuid, clientRef: messageId, state: 'read', at, receivedAt }
}

function isAnybodyLeft({ state, blockedSince }: Alert, plan: AlertPlan, { user, round }: StepRef): boolean {
  if (state !== 'walking' || blockedSince !== undefined) return false
  return user < plan.users.length - 1 || round < plan.repeat
}
