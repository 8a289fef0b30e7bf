import { contactId, inboundMessage, personId, retention } from '@switchboard/contracts'
import type { Contact, InboundMessage, Retention } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createPersonIndex } from './person-index.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

const WINDOW_SECONDS = 24 * 3_600
const PROCESSED_KEPT_SECONDS = 48 * 3_600
/** Longer than anybody lets the router be down; as long as we remember which messages were handled. */
const PARTS_KEPT_SECONDS = PROCESSED_KEPT_SECONDS
/** Parts of one message reach us within so long; a carrier takes longer to use a reference number again. */
const PARTS_TOGETHER_MS = 600_000

/** The parts of one long SMS that are here, in order. `id` is that of the part that came first: the set's own. */
const smsParts = z.object({ id: z.string(), parts: z.array(inboundMessage) })
export type SmsParts = z.infer<typeof smsParts>
/** `previous`: the message that had the reference before, if it is not whole. */
const smsPartsRecord = smsParts.extend({ previous: smsParts.optional() })
type SmsPartsRecord = z.infer<typeof smsPartsRecord>

/** What a person sent us, and the workflow it went to. */
const inboundRecord = inboundMessage.omit({ id: true, part: true }).extend({ route: z.string() })
export type InboundRecord = z.infer<typeof inboundRecord>

/** A message that comes late must not shorten the window that a newer one has opened. */
const OPEN_WINDOW = `
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return 1`

export type InboundStore = ReturnType<typeof createInbound>

/** What we remember of inbound messages: who wrote lately, which were handled, the parts of long SMS. */
export function createInbound(
  redis: RedisConnection,
  { messagesDays }: Pick<Retention, 'messagesDays'> = retention.parse({}),
) {
  const records = createRecords(redis, {
    schema: inboundRecord,
    key: keys.inbound,
    ttlSeconds: () => messagesDays * 86_400,
  })
  const partSets = createRecords(redis, {
    schema: smsPartsRecord,
    key: keys.smsParts,
    ttlSeconds: () => PARTS_KEPT_SECONDS,
  })
  const people = createPersonIndex(redis)
  const open = createScript(redis, OPEN_WINDOW)
  return {
    /** WhatsApp and Messenger allow free text only within 24 hours of the person's last message. */
    async openWindow(contact: Contact, at: number, now: number): Promise<void> {
      const secondsLeft = WINDOW_SECONDS - Math.floor((now - at) / 1_000)
      if (secondsLeft > 0) await open(keys.lastInbound(contactId(contact)), at, secondsLeft)
    },
    async isWindowOpen(contact: Contact): Promise<boolean> {
      return (await redis.exists(keys.lastInbound(contactId(contact)))) === 1
    },
    async isProcessed(inboundId: string): Promise<boolean> {
      return (await redis.exists(keys.processedInbound(inboundId))) === 1
    },
    /** Written after the last effect, so that a crash before it runs the message again. */
    async markProcessed(inboundId: string): Promise<void> {
      await redis.set(keys.processedInbound(inboundId), 1, 'EX', PROCESSED_KEPT_SECONDS)
    },
    get: (inboundId: string) => records.get(inboundId),
    /** Keeps what a person sent, for whoever looks at the person. */
    async keep({ id, part: _part, ...message }: InboundMessage, route: string): Promise<void> {
      const person = personId({ channel: message.channel, address: message.from })
      const listed = () => people.add(person, 'inbound', id, message.receivedAt)
      // Listed first, so that whoever is erased is erased whole. Most likely it is not there yet.
      await records.updateFrom(undefined, id, () => ({ next: { ...message, route }, result: undefined }), listed)
    },
    /** Keeps a part of a long SMS and returns all that are here, in order. */
    async addPart(message: InboundMessage): Promise<SmsPartsRecord> {
      const set = partSetId(message)
      const person = personId({ channel: message.channel, address: message.from })
      await people.add(person, 'sms-parts', set, message.receivedAt)
      return partSets.update(set, (current) => addPart(current, message))
    },
    async erase(person: string, contacts: Contact[], now: number): Promise<void> {
      for (const set of await people.list(person, 'sms-parts', now)) await partSets.remove(set)
      await people.remove(person, 'sms-parts', now)
      for (const id of await people.list(person, 'inbound', now)) await records.remove(id)
      await people.remove(person, 'inbound', now)
      for (const contact of contacts) await redis.del(keys.lastInbound(contactId(contact)))
    },
    parts: (message: InboundMessage) => partSets.get(partSetId(message)),
  }
}

/** References are small and used again, but not for the same sender, recipient and length within minutes. */
function partSetId({ from, to, part }: InboundMessage): string {
  return [from, to, part?.reference, part?.total].join(':')
}

/**
 * A different message under the same part number, or one that comes much later, means that the reference was used again:
 * a new set begins.
 */
export function addPart(
  current: SmsPartsRecord | undefined,
  message: InboundMessage,
): Change<SmsPartsRecord, SmsPartsRecord> {
  if (current?.parts.some(({ id }) => id === message.id)) return { result: current }
  const next = current && belongs(current, message) ? withPart(current, message) : newSet(current, message)
  return { next, result: next }
}

function belongs({ parts }: SmsParts, { part: added, receivedAt }: InboundMessage): boolean {
  return (
    parts.every(({ part }) => part?.number !== added?.number) &&
    parts.some((each) => Math.abs(each.receivedAt - receivedAt) <= PARTS_TOGETHER_MS)
  )
}

function withPart(set: SmsPartsRecord, message: InboundMessage): SmsPartsRecord {
  const parts = [...set.parts, message].sort((a, b) => (a.part?.number ?? 0) - (b.part?.number ?? 0))
  return { ...set, parts }
}

function newSet(current: SmsPartsRecord | undefined, message: InboundMessage): SmsPartsRecord {
  const isWhole = current?.parts.length === current?.parts[0]?.part?.total
  if (!current || isWhole) return { id: message.id, parts: [message] }
  const { previous: _older, ...previous } = current
  return { id: message.id, parts: [message], previous }
}
