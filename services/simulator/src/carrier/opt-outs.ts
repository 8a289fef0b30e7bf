import type { Channel } from '../channels.ts'

/** The block list of Opt-Out Assist: per sender and person. SMS only, as the product is. */
export interface OptOuts {
  has(channel: Channel, sender: string, address: string): boolean
  list(): { sender: string; address: string }[]
  add(sender: string, address: string): void
  remove(sender: string, address: string): void
  reset(): void
}

export function createOptOuts(changed: () => void = () => {}): OptOuts {
  const pairs = new Map<string, { sender: string; address: string }>()
  return {
    has: (channel, sender, address) => channel === 'sms' && pairs.has(`${sender}/${address}`),
    list: () => [...pairs.values()],
    add(sender, address) {
      pairs.set(`${sender}/${address}`, { sender, address })
      changed()
    },
    remove(sender, address) {
      pairs.delete(`${sender}/${address}`)
      changed()
    },
    reset: () => pairs.clear(),
  }
}

const optOutWords = ['STOP', 'END', 'QUIT', 'CANCEL', 'UNSUBSCRIBE']
const optInWords = ['START', 'JOIN']

export type OptOutReaction = { kind: 'opted-out' | 'opted-in' | 'help'; answer: string } | null

/** What Opt-Out Assist makes of an inbound text. */
export function reactToKeyword(text: string): OptOutReaction {
  const word = text.trim().toUpperCase()
  if (optOutWords.includes(word)) {
    return { kind: 'opted-out', answer: 'You have been unsubscribed and will get no more messages.' }
  }
  if (optInWords.includes(word)) return { kind: 'opted-in', answer: 'You will get messages again.' }
  return word === 'HELP' ? { kind: 'help', answer: 'Reply STOP to unsubscribe.' } : null
}
