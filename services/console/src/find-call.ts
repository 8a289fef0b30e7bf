import type { Calls } from '@switchboard/store'

/** The call in which a message was spoken, where one is on record. */
export async function findCall(uuids: Record<string, unknown>, calls: Pick<Calls, 'get'>): Promise<string | undefined> {
  for (const uuid of Object.keys(uuids).toReversed()) {
    if (await calls.get(uuid)) return uuid
  }
  return undefined
}
