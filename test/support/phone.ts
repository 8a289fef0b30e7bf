import { setTimeout as delay } from 'node:timers/promises'

import type { Channel } from '@switchboard/contracts'
import { z } from 'zod'

import type { ControlApi } from './control-api.ts'
import { PATIENCE_MS } from './eventually.ts'

/** Soon at first, then seldom: each look costs both ends some milliseconds of a processor that others wait for. */
const POLLS_MS = { first: 40, longest: 200 }
/** What has arrived stays: it is found as well when it is looked for seldom, and at the end. */
const POLL_NOTHING_MS = 400

const threadMessage = z.object({
  message_uuid: z.string(),
  /** `in`: to the phone. */
  direction: z.enum(['in', 'out']),
  sender: z.string(),
  text: z.string(),
  status: z.string(),
  at: z.union([z.string(), z.number()]),
  history: z.array(z.looseObject({ status: z.string() })).default([]),
  error: z.unknown().optional(),
  buttons: z.array(z.looseObject({ kind: z.string(), title: z.string(), value: z.string() })).default([]),
  media: z.looseObject({ kind: z.string(), url: z.string() }).nullish(),
})
export type ThreadMessage = z.infer<typeof threadMessage>

const thread = z.object({ messages: z.array(threadMessage) })
const sent = z.object({ message_uuid: z.string() })

export interface Switches {
  readReceipts?: boolean
  power?: boolean
  blocked?: boolean
  roaming?: boolean
  autoRead?: boolean
}

/** Somebody's phone. It reads its thread from top to bottom: what it has expected once, it does not see again. */
export interface Phone {
  readonly channel: Channel
  readonly address: string
  /** Sends us a text; returns the message's uuid. `extra`: other members of the control API's message, such as `concat`. */
  sends(text: string, extra?: Record<string, unknown>): Promise<string>
  /** Presses a button of a message, as the page does. */
  presses(message: ThreadMessage, title: string): Promise<void>
  /** The next message that fits, waiting with patience; those before it are passed over. Fails showing what did arrive. */
  expects(pattern: RegExp | string, options?: { withinMs?: number }): Promise<ThreadMessage>
  /** Fails as soon as something unread (that fits) is there within this time. */
  expectsNothing(forMs: number, pattern?: RegExp): Promise<void>
  /** Passes over everything that was sent to it so far, also what is still on its way. */
  skips(): Promise<void>
  /** Everything that has ever been delivered to it. */
  received(): Promise<ThreadMessage[]>
  /** Opens the thread, or one message: `read` is reported where the channel has it. */
  reads(messageUuid?: string): Promise<void>
  turns(switches: Switches): Promise<void>
}

export function createPhone(control: ControlApi, channel: Channel, address: string): Phone {
  const path = `phones/${channel}/${encodeURIComponent(address)}`
  const passed = new Set<string>()

  const addressed = async () => {
    const { messages } = thread.parse(await control.get(`${path}/messages`))
    return messages.filter(({ direction }) => direction === 'in')
  }
  // What is still on its way, or was refused, is on no phone.
  const received = async () => (await addressed()).filter(({ status }) => /^(delivered|read)$/.test(status))
  const unread = async () => (await received()).filter(({ message_uuid: uuid }) => !passed.has(uuid))
  const pass = (messages: ThreadMessage[]) => {
    for (const { message_uuid: uuid } of messages) passed.add(uuid)
  }

  return {
    channel,
    address,
    sends: async (text, extra = {}) =>
      sent.parse(await control.post(`${path}/messages`, { text, ...extra })).message_uuid,
    async presses({ message_uuid: quoted, buttons }, title) {
      const button = buttons.find((each) => each.title === title)
      if (!button) throw new Error(`there is no button "${title}" among ${JSON.stringify(buttons)}`)
      await control.post(`${path}/messages`, { reply: { id: button.value, title }, quoted })
    },
    async expects(pattern, { withinMs = PATIENCE_MS } = {}) {
      const deadline = Date.now() + withinMs
      for (let pollMs = POLLS_MS.first; ; pollMs = Math.min(pollMs * 1.3, POLLS_MS.longest)) {
        const messages = await unread()
        const index = messages.findIndex(({ text }) => fits(text, pattern))
        pass(messages.slice(0, index + 1))
        const found = messages[index]
        if (found) return found
        if (Date.now() > deadline) throw unexpected(`expected ${pattern} within ${withinMs} ms`, messages)
        await delay(pollMs)
      }
    },
    async expectsNothing(forMs, pattern = /[^]*/) {
      const deadline = Date.now() + forMs
      for (;;) {
        const leftMs = deadline - Date.now()
        const messages = (await unread()).filter(({ text }) => pattern.test(text))
        if (messages.length > 0) throw unexpected(`expected nothing like ${pattern} for ${forMs} ms`, messages)
        if (leftMs <= 0) return
        await delay(Math.min(leftMs, POLL_NOTHING_MS))
      }
    },
    skips: async () => pass(await addressed()),
    received,
    reads: async (messageUuid) =>
      void (await control.post(`${path}/read`, messageUuid ? { message_uuid: messageUuid } : {})),
    turns: async (switches) => void (await control.put(`phones/${encodeURIComponent(address)}/switches`, switches)),
  }

  function unexpected(claim: string, messages: ThreadMessage[]): Error {
    const lines = messages.map(({ text, status }) => `  - ${JSON.stringify(text)} (${status})`)
    const shown = lines.length > 0 ? `these:\n${lines.join('\n')}` : 'nothing'
    return new Error(`${channel} phone ${address} ${claim}; unread on it: ${shown}`)
  }
}

function fits(text: string, pattern: RegExp | string): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)
}
