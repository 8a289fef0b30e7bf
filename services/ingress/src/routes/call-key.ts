import { fillText, voiceOf } from '@switchboard/contracts'
import type {
  Alert,
  AlertAttention,
  AlertPlan,
  Enqueue,
  StatusWebhook,
  StepRef,
  SwitchboardConfig,
} from '@switchboard/contracts'
import { isAnsweredByMachine } from '@switchboard/store'
import type { Alerts, Calls, Ledger, LedgerRecord } from '@switchboard/store'
import { verifyLinkToken } from '@switchboard/tokens'
import { askNcco, parseKey, sayNcco } from '@switchboard/vonage'
import type { KeyPressed, Ncco } from '@switchboard/vonage'
import type { FastifyInstance, FastifyRequest } from 'fastify'

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
  status: Enqueue<StatusWebhook>
  attention: Enqueue<AlertAttention>
  callSettings: Pick<SwitchboardConfig, 'texts' | 'calls'>
  now: () => number
}

/** What is known of a call when a key is pressed in it. */
interface SpokenAlert {
  messageId: string
  record: LedgerRecord
  alert: Alert
  plan: AlertPlan
  step: StepRef
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
      const spoken = await find(token, deps)
      const parsed = parseKey(decodeBody(request), deps.now())
      if (!spoken || parsed.kind !== 'parsed') throw new Problem(404, 'Unknown call', 'Nothing is asked in this call.')
      request.log.info({ call: parsed.value.uuid, alertId: spoken.alert.id, key: parsed.value.key }, 'call.key')
      const ncco = await answer(spoken, parsed.value, token, deps)
      return reply.code(200).type('application/json').send(JSON.stringify(ncco))
    },
  )
}

async function find(
  token: string,
  { sessionSecret, ledger, alerts, now }: CallKeyDeps,
): Promise<SpokenAlert | undefined> {
  const check = verifyLinkToken(sessionSecret, { purpose: 'call', token, now: now() })
  if (check.kind !== 'valid') return undefined
  const record = await ledger.get(check.subject)
  if (record?.about?.kind !== 'alert') return undefined
  const { step } = record.about
  const alert = await alerts.get(step.alertId)
  return alert && { messageId: check.subject, record, alert, plan: await alerts.plan(alert.planId), step }
}

/** Answered once Redis has what the key means. */
async function answer(spoken: SpokenAlert, pressed: KeyPressed, token: string, deps: CallKeyDeps): Promise<Ncco> {
  const { alert, plan, step, record, messageId } = spoken
  const { texts, calls } = deps.callSettings
  const user = plan.users[step.user]
  const voice = voiceOf(user?.channels[step.channel], calls)
  const say = (text: string) => sayNcco({ text, ...voice })
  if (alert.state === 'cancelled') return say(texts.callCancelled)
  const { attendedBy } = alert
  if (attendedBy) {
    const isOwn = attendedBy.user === user?.name
    return say(isOwn ? texts.callTaken : fillText(texts.callOver, { who: attendedBy.user ?? 'somebody' }))
  }
  switch (pressed.key) {
    case '1':
      await enqueueOrUnavailable(deps.status, seen(messageId, pressed, deps.now()))
      return say(texts.callTaken)
    case '2': {
      const evidence = { kind: 'pass', step, how: 'call' } as const
      const passed = { alertId: alert.id, at: deps.now(), evidenceId: `pass.${messageId}`, evidence }
      await enqueueOrUnavailable(deps.attention, passed)
      return say(isAnybodyLeft(alert, plan, step) ? texts.callPassed : texts.callNobody)
    }
    default: {
      // The text is on it by now.
      if (isAnsweredByMachine(await deps.calls.get(pressed.uuid))) return []
      const { href: keysUrl } = new URL(`/webhooks/call-key/${token}`, deps.publicUrl)
      return askNcco({ text: record.text, keysUrl, ...voice })
    }
  }
}

/** Key 1 is to a call what reading is to a message, so it takes the same way. */
function seen(messageId: string, { uuid, at }: KeyPressed, receivedAt: number): StatusWebhook {
  return { kind: 'message', messageUuid: uuid, clientRef: messageId, state: 'read', at, receivedAt }
}

function isAnybodyLeft({ state, blockedSince }: Alert, plan: AlertPlan, { user, round }: StepRef): boolean {
  if (state !== 'walking' || blockedSince !== undefined) return false
  return user < plan.users.length - 1 || round < plan.repeat
}
