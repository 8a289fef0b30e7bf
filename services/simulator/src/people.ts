import { z } from 'zod'

import { channelOfAddress, type Channel } from './channels.ts'
import { isPhoneNumber, isUserId } from './channels/addresses.ts'

export const switchesSchema = z.strictObject({
  /** Off: the person's phone never reports `read`. */
  readReceipts: z.boolean().optional(),
  /** Off: messages wait as `submitted` until it is on again or their time to live ends. */
  power: z.boolean().optional(),
  /** The person has blocked us: every message is rejected, on WhatsApp silently not delivered. */
  blocked: z.boolean().optional(),
  /** Abroad without service: every message is rejected as unreachable. */
  roaming: z.boolean().optional(),
  /** Every message is read a moment after it arrives. */
  autoRead: z.boolean().optional(),
})

export type SwitchesChange = z.output<typeof switchesSchema>
export type Switches = { [name in keyof SwitchesChange]-?: boolean }

/** Somebody with a phone: one number for SMS, WhatsApp and Viber, one page-scoped id for Messenger. */
export interface Person {
  id: string
  name: string
  number: string | null
  messenger: string | null
  /** WhatsApp's user id, of whoever is known there by nothing else. */
  userId: string | null
  switches: Switches
}

export interface People {
  list(): Person[]
  find(address: string): Person | null
  /** The person at this address; a new one if nobody has it yet. */
  ensure(channel: Channel, address: string): Person
  add(person: Addresses): Person
  setSwitches(address: string, change: SwitchesChange): Person
  reset(): void
}

interface Addresses {
  name?: string | undefined
  number?: string | undefined
  messenger?: string | undefined
  userId?: string | undefined
}

export interface GivenPerson extends Addresses {
  name: string
  /** At the start, to every sender of ours: the 24-hour windows of this person are open. */
  hasWritten?: boolean
}

const freshSwitches: Switches = { readReceipts: true, power: true, blocked: false, roaming: false, autoRead: false }

export function createPeople(given: readonly GivenPerson[], changed: (person: Person) => void): People {
  const people = new Map<string, Person>()
  const byAddress = new Map<string, Person>()

  const add: People['add'] = ({ name, number, messenger, userId }) => {
    const known = byAddress.get(number ?? '') ?? byAddress.get(messenger ?? '') ?? byAddress.get(userId ?? '')
    const id = known?.id ?? number ?? messenger ?? userId ?? ''
    const person: Person = known ?? {
      id,
      name: '',
      number: null,
      messenger: null,
      userId: null,
      switches: { ...freshSwitches },
    }
    person.number ??= number ?? null
    // Everybody who has a number also has Messenger, under an id that can be told from it.
    person.messenger ??= messenger ?? (number === undefined ? null : `9${number}`)
    person.userId ??= userId ?? null
    person.name = name ?? (person.name || displayName(person.number ?? id))
    people.set(id, person)
    for (const address of addressesOf(person)) byAddress.set(address, person)
    changed(person)
    return person
  }
  const reset = () => {
    people.clear()
    byAddress.clear()
    for (const person of given) add(person)
  }
  reset()

  const ensure: People['ensure'] = (channel, address) => byAddress.get(address) ?? add(ownAddress(channel, address))

  return {
    list: () => [...people.values()],
    find: (address) => byAddress.get(address) ?? null,
    ensure,
    add,
    setSwitches(address, change) {
      const person = byAddress.get(address) ?? ensure(channelOfAddress(address), address)
      for (const [name, value] of Object.entries(change)) {
        if (value !== undefined) person.switches = { ...person.switches, [name]: value }
      }
      changed(person)
      return person
    },
    reset,
  }
}

/** Wherever this person can be reached. */
export function addressesOf({ number, messenger, userId }: Person): string[] {
  return [number, messenger, userId].filter((address) => address !== null)
}

function ownAddress(channel: Channel, address: string): Addresses {
  if (channel === 'messenger') return { messenger: address }
  return isUserId(address) ? { userId: address } : { number: address }
}

function displayName(address: string): string {
  return isPhoneNumber(address) ? `+${address}` : address
}
