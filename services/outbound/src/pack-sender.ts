import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import {
  admit,
  messagesOf,
  PermanentError,
  PostponedError,
  PROBE_EVERY_MS,
  RateLimitedError,
} from '@switchboard/contracts'
import type { AlertChannel, MessagePack, OutboundMessage, SenderState } from '@switchboard/contracts'
import { BURST_SECONDS } from '@switchboard/store'
import type { Claim, Ledger, SenderRate } from '@switchboard/store'
import { countParts, NotAcceptedError } from '@switchboard/vonage'

import type { SendDecision } from './may-send.ts'
import { decide, endAs, follow, letStatusesFind, resume, sendClaimed, senderOf, standBack } from './send-handler.ts'
import type { SendDeps } from './send-handler.ts'

export interface PackSenderDeps extends SendDeps {
  ledger: SendDeps['ledger'] & Pick<Ledger, 'knownOfPack'>
  rate: Pick<SenderRate, 'take' | 'takeSpare'>
  /** Whether an alert or an answer waits. */
  isUrgent: (channel: AlertChannel) => Promise<boolean>
  /** Each as a job of its own. */
  sendAlone: (messages: OutboundMessage[]) => Promise<void>
  /** How many messages may be under way at once. */
  concurrency: number
}

/** So long packs let go first what is more urgent. */
const YIELD_MS = 100

/**
 * Handles a pack, so many of its messages at once as may be under way. What holds for a message alone holds for each of
 * them; whoever is not simply accepted leaves the pack as a job of their own, with the same id and record.
 */
export function createPackSender(deps: PackSenderDeps) {
  return async (pack: MessagePack): Promise<void> => {
    const known = await deps.ledger.knownOfPack(pack.id)
    const messages = messagesOf(pack)
    if (known.size > 0) {
      await recover(
        messages.filter(({ id }) => known.has(id)),
        deps,
      )
    }
    const left = messages.filter(({ id }) => !known.has(id))
    const size = sliceSize(pack, deps)
    for (let from = 0; from < left.length; from += size) await sendTogether(left.slice(from, from + size), deps)
  }
}

/** Tells the claims of packs from those of messages that have left one: these look after themselves. */
const PACK_CLAIM = 'pack.'

/** An earlier run has begun with these. It had to wait, or died anywhere. */
async function recover(messages: OutboundMessage[], deps: PackSenderDeps): Promise<void> {
  const leaving: OutboundMessage[] = []
  for (const message of messages) {
    const record = await deps.ledger.get(message.id)
    if (record?.state === 'released') leaving.push(message)
    else if (record?.state !== 'sending') await letStatusesFind(message.id, Object.keys(record?.uuids ?? {}), deps)
    else if (record.claimant?.startsWith(PACK_CLAIM)) await resume(message, record, deps)
  }
  await deps.sendAlone(leaving)
}

/** No more than the bucket of the sender holds. */
function sliceSize({ channel, text }: MessagePack, { concurrency, settings }: PackSenderDeps): number {
  const bucket = Math.floor((settings.rates[channel] * BURST_SECONDS) / countParts(channel, text))
  return Math.max(1, Math.min(concurrency, bucket))
}

type Decided = { message: OutboundMessage; decision: SendDecision }
type Going = { message: OutboundMessage; decision: Extract<SendDecision, { kind: 'send' }> }

async function sendTogether(messages: OutboundMessage[], deps: PackSenderDeps): Promise<void> {
  const decided = await Promise.all(
    messages.map(async (message) => ({ message, decision: await decide(message, deps) })),
  )
  const going = decided.filter(isGoing)
  const [first] = going
  const sender = first && (await waitForTurn(first.message, going.length, deps))
  await Promise.all(
    decided.map(async ({ message, decision }) => decision.kind === 'send' || endAs(message, decision, deps)),
  )
  const claimant = `${PACK_CLAIM}${randomUUID()}`
  const claimed = await Promise.all(
    going.map(async (each) => ({ ...each, claim: await deps.ledger.claim(each.message, deps.now(), claimant) })),
  )
  const together = { ...deps, vonage: answeringTogether(deps.vonage) }
  const endings = await Promise.allSettled(claimed.map((each) => sendOne(each, sender, together)))
  const leaving = endings.flatMap((ending, index) => {
    const message = going[index]?.message
    const isLeaving = ending.status === 'fulfilled' ? ending.value === 'leaves' : isAboutMessage(ending.reason)
    return message && isLeaving ? [message] : []
  })
  await deps.sendAlone(leaving)
  const { channel, id } = first?.message ?? {}
  deps.log.info({ messageId: id, channel, sent: going.length - leaving.length, left: leaving.length }, 'pack.sent')
  const broken = endings.find((ending) => ending.status === 'rejected' && !isAboutMessage(ending.reason))
  if (broken?.status === 'rejected') throw broken.reason
}

function isGoing(decided: Decided): decided is Going {
  return decided.decision.kind === 'send'
}

/** Is the sender open, does nobody more urgent wait, is it our turn. Resolves to what is known of the sender. */
async function waitForTurn(
  first: OutboundMessage,
  count: number,
  deps: PackSenderDeps,
): Promise<SenderState | undefined> {
  const { channel, sender: name } = senderOf(first, deps)
  const [sender, isUrgent] = await Promise.all([deps.senders.get({ channel, sender: name }), deps.isUrgent(channel)])
  const admission = admit(sender, first.id, deps.now())
  if (admission.kind === 'wait') await standBack(first, admission, deps)
  if (admission.kind === 'probe') {
    // One tries, the others wait for what it is told.
    await deps.sendAlone([first])
    await standBack(first, { why: 'held', until: deps.now() + PROBE_EVERY_MS }, deps)
  }
  if (isUrgent) throw new RateLimitedError('Alerts and answers go first', YIELD_MS)
  const tokens = count * countParts(channel, first.text)
  const waitMs = await deps.rate.takeSpare(channel, name, tokens, deps.settings.rates[channel])
  if (waitMs > 0) throw new RateLimitedError(`The rate of ${channel} is used up`, waitMs)
  return sender
}

async function sendOne(
  { message, decision, claim }: Going & { claim: Claim },
  sender: SenderState | undefined,
  deps: PackSenderDeps,
): Promise<'done' | 'leaves'> {
  // Another run of the pack, or the message alone: whoever has it looks after it.
  if (claim.kind === 'taken') return 'done'
  const given = { claimed: claim.record, id: senderOf(message, deps), sender }
  const result = await sendClaimed(message, decision, given, deps)
  if (result.kind === 'held') return 'leaves'
  if (result.kind === 'accepted') await follow(message, result.record, deps)
  return 'done'
}

/** So long the first answer waits for the last. */
const TOGETHER_MS = 100

/** What follows from the answers is a few commands when they come at the same time. */
function answeringTogether({ send }: SendDeps['vonage']): SendDeps['vonage'] {
  const answers: Promise<unknown>[] = []
  let all: Promise<unknown> | undefined
  return {
    async send(message) {
      const answer = send(message)
      const answered = answer.catch(() => undefined)
      answers.push(answered)
      await answered
      all ??= Promise.race([Promise.all(answers), sleep(TOGETHER_MS)])
      await all
      return answer
    },
  }
}

/** What went wrong with one message is for its own job to deal with; anything else ends the pack's try. */
function isAboutMessage(error: unknown): boolean {
  return error instanceof NotAcceptedError || error instanceof PostponedError || error instanceof PermanentError
}
