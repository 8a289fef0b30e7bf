import type { AlertChannel, Channel } from '@switchboard/contracts'
import { expect, vi } from 'vitest'
import { z } from 'zod'

import { PATIENCE_MS } from './eventually.ts'
import type { Phone } from './phone.ts'
import { createSwitchboardApi } from './switchboard-api.ts'
import type { StackAddresses } from './test-stack.ts'

const alertView = z.looseObject({
  id: z.string(),
  code: z.string(),
  state: z.string(),
  current: z.looseObject({ user: z.string(), channel: z.string() }).nullable(),
  attendedBy: z
    .looseObject({ how: z.string(), user: z.string().nullable(), channel: z.string().nullable() })
    .nullable(),
  timeline: z.array(
    z.looseObject({
      event: z.string(),
      user: z.string().nullable(),
      channel: z.string().nullable(),
      at: z.string(),
      reason: z.string().nullable(),
    }),
  ),
})
export type AlertSeen = z.infer<typeof alertView>

const accepted = z.looseObject({ id: z.string() })

/** A user as the API takes it: phones with the seconds each has. The last one has no condition: `waits` is the final wait. */
export interface Person {
  name: string
  phones: { channel: AlertChannel; address: string }[]
  /** Of every phone, or of each; 600 where none is said: whoever shall act has all the time that a busy machine takes. */
  seconds?: number | number[]
  waits?: number
  condition?: 'read' | 'delivered'
}

/** Alerts by the API, as a program with a token has them. */
export function createAlertClient(addresses: Pick<StackAddresses, 'ingress' | 'apiToken'>) {
  const api = createSwitchboardApi(addresses)
  const get = async (id: string): Promise<AlertSeen | undefined> => {
    const answer = await api.ask('GET', `/api/alerts/${id}`)
    return answer.ok ? alertView.parse(await answer.json()) : undefined
  }
  return {
    ...api,
    async start(people: Person[], text: string, settings: object = {}): Promise<string> {
      return accepted.parse(await api.post('/api/alerts', { users: people.map(toUser), text, ...settings })).id
    },
    /** Waits until the alert is in a state, such as `attended`, or at a step, such as `Tony/sms`. */
    async until(id: string, where: string, withinMs = PATIENCE_MS): Promise<AlertSeen> {
      await vi.waitFor(async () => expect(describe(await get(id))).toBe(where), { timeout: withinMs, interval: 100 })
      return alertView.parse(await api.get(`/api/alerts/${id}`))
    },
    /** `contacting Tony sms`, … */
    async story(id: string): Promise<string[]> {
      return (
        (await get(id))?.timeline.map(({ event, user, channel }) => [event, user, channel].filter(Boolean).join(' ')) ??
        []
      )
    },
  }
}
export type AlertClient = ReturnType<typeof createAlertClient>

function describe(alert: AlertSeen | undefined): string {
  if (!alert) return 'not begun'
  return alert.current ? `${alert.current.user}/${alert.current.channel}` : alert.state
}

function toUser({ name, phones, seconds = 600, waits = 600, condition = 'read' }: Person) {
  const channels = phones.map(({ channel, address }, index) => ({
    type: channel,
    id_num: address,
    expiry_time: (typeof seconds === 'number' ? seconds : seconds[index]) ?? 600,
    condition_status: condition,
  }))
  return { name, channels, final_wait: waits }
}

/** Opens the 24-hour window of a phone whose channel has one, as its owner would: by writing first. */
export async function opensWindow(...phones: Phone[]): Promise<void> {
  const windowed: Channel[] = ['whatsapp', 'messenger']
  for (const phone of phones.filter(({ channel }) => windowed.includes(channel))) {
    await phone.sends('hello')
    await phone.expects(/real-time data/)
  }
}
