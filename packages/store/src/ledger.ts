import { randomUUID } from 'node:crypto'

import { personId, placeInPack, retention } from '@switchboard/contracts'
import type { OutboundMessage, Retention, StatusWebhook } from '@switchboard/contracts'

import { alertsIn, createBundleMembers } from './bundle-members.ts'
import { gatherExists } from './gather-reads.ts'
import { keys } from './keys.ts'
import { claimMessage, encodeRecord, recordEvent, refuseMessage, storedRecord } from './ledger-record.ts'
import type { Claim, LedgerEvent, LedgerRecord } from './ledger-record.ts'
import { createPackPlaces } from './pack-place.ts'
import { createPersonIndex } from './person-index.ts'
import type { PersonIndex } from './person-index.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'
import { createUuidIndex } from './uuid-index.ts'

const DAY_SECONDS = 86_400
function keptSeconds({ messagesDays, feedMessagesDays }: Kept, of: LedgerRecord['purpose']): number {
  return (of === 'feed' ? feedMessagesDays : messagesDays) * DAY_SECONDS
}
type Kept = Pick<Retention, 'messagesDays' | 'feedMessagesDays'>
const PARKED_KEPT_SECONDS = 3_600

const indexedKinds = ['feed', 'message'] as const

export type Ledger = ReturnType<typeof createLedger>

/** The record of every outbound message. Written by the outbound service alone. */
export function createLedger(redis: RedisConnection, kept: Kept = retention.parse({})) {
  const packs = createPackPlaces(redis)
  const records = createRecords(redis, {
    placeOf: packs.placeOf,
    schema: storedRecord,
    encode: encodeRecord,
    key: keys.message,
    ttlSeconds: (record) => keptSeconds(kept, record.purpose),
  })
  const byUuid = createUuidIndex(redis)
  const people = createPersonIndex(redis)
  const anyParked = gatherExists(redis)
  const index = (message: OutboundMessage, now: number) => addToIndex(people, message, now)
  return {
    get: (messageId: string) => records.get(messageId),
    /** The ids of the messages of a pack that have a record. */
    knownOfPack: (packId: string) => packs.known(packId),
    /** Before the request: makes this worker the only one that sends the message. */
    async claim(message: OutboundMessage, now: number, claimant: string = randomUUID()): Promise<Claim> {
      // Sent together, in this order: what is on record can be found when its person is erased.
      const take = (current: LedgerRecord | undefined) => claimMessage(current, message, { now, claimant })
      const [, claim] = await Promise.all([index(message, now), records.updateFrom(undefined, message.id, take)])
      return claim
    },
    ...createBundleMembers(records, index),
    /**
     * Moves a message forward and returns its record, or undefined when it is not known. `claimed`: its record as far
     * as the caller knows it, which saves the reading.
     */
    record: (messageId: string, event: LedgerEvent, claimed?: LedgerRecord) =>
      records.updateFrom(claimed, messageId, (current) =>
        current ? recordEvent(current, event) : { result: undefined },
      ),
    /** A message that is never sent gets its record with the reason, unless an earlier try has claimed it. */
    async refuse(message: OutboundMessage, event: LedgerEvent): Promise<Claim> {
      await index(message, event.at)
      return records.updateFrom(undefined, message.id, (current) => refuseMessage(current, message, event))
    },
    indexUuids: (messageId: string, uuids: string[], now = Date.now()) => byUuid.add(uuids, messageId, now),
    findByUuid: (messageUuid: string, now = Date.now()) => byUuid.find(messageUuid, now),
    /** Keeps a status whose message is not known yet: it may overtake the answer to our own request. */
    async park(status: StatusWebhook, uuid: string): Promise<void> {
      const key = keys.parkedStatuses(uuid)
      await redis.rpush(key, JSON.stringify(withoutRecipient(status)))
      await redis.expire(key, PARKED_KEPT_SECONDS)
    },
    /** What was parked for a message. It stays until it expires: who applies it may die and do it again. */
    async parked(messageUuid: string): Promise<unknown[]> {
      const key = keys.parkedStatuses(messageUuid)
      if (!(await anyParked(key))) return []
      const parked = await redis.lrange(key, 0, -1)
      return parked.map((status): unknown => JSON.parse(status))
    },
    /** Removes the records of all messages to a person. Returns how many, and the alerts they were about. */
    async erase(person: string, now: number): Promise<{ messages: number; alertIds: string[] }> {
      const ids = (await Promise.all(indexedKinds.map((kind) => people.list(person, kind, now)))).flat()
      const alertIds = new Set<string>()
      for (const id of ids) {
        const record = await records.get(id)
        for (const alertId of alertsIn(record)) alertIds.add(alertId)
        await byUuid.remove(Object.keys(record?.uuids ?? {}), now)
        await records.remove(id)
      }
      for (const kind of indexedKinds) await people.remove(person, kind, now)
      return { messages: ids.length, alertIds: [...alertIds] }
    },
  }
}

/** The records of a pack are written at the end of a turn of the event loop: the index before them. */
function addToIndex(people: PersonIndex, { id, channel, to, purpose }: OutboundMessage, now: number): Promise<void> {
  const entry = [personId({ channel, address: to }), purpose === 'feed' ? 'feed' : 'message', id, now] as const
  return placeInPack(id) ? people.addTogether(...entry) : people.add(...entry)
}

/** Nobody is known by what is parked: the message it belongs to knows. */
function withoutRecipient(status: StatusWebhook): StatusWebhook {
  if (status.kind !== 'message') return status
  const { to: _recipient, ...rest } = status
  return rest
}
