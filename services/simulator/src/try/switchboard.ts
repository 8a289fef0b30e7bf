import { z } from 'zod'

import { ControlError } from '../control/route.ts'

const ANSWER_MS = 5_000

/** The Switchboard that the simulator stands in front of, as one of its programs: `token` is one of API_TOKENS. */
export interface SwitchboardAddress {
  apiUrl: string
  token: string
}

const accepted = z.object({ id: z.string() })
const problem = z.object({ title: z.string(), detail: z.string() }).partial()

const alertView = z.object({
  id: z.string(),
  state: z.enum(['walking', 'attended', 'exhausted', 'cancelled']),
  text: z.string(),
  current: z.object({ round: z.number(), user: z.string(), channel: z.string(), dueAt: z.string() }).nullable(),
  attendedBy: z.object({ how: z.string(), user: z.string().nullable(), channel: z.string().nullable() }).nullable(),
  users: z.array(z.object({ name: z.string(), channels: z.array(z.string()) })),
  timeline: z.array(
    z.object({
      at: z.string(),
      event: z.string(),
      round: z.number().nullable(),
      user: z.string().nullable(),
      channel: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
})
/** An alert as the API shows it. */
export type AlertSeen = z.infer<typeof alertView>

const notificationView = z.object({
  state: z.string(),
  message: z.object({ state: z.string(), reason: z.string().nullable() }).nullable(),
  choice: z.object({ option: z.string(), meaning: z.string() }).nullable(),
})
/** A delivery notification as the API shows it. */
export type NotificationSeen = z.infer<typeof notificationView>

export type Switchboard = ReturnType<typeof createSwitchboard>

/** Its HTTP API, as far as the page has buttons for it. Throws ControlError with words for people. */
export function createSwitchboard({ apiUrl, token }: SwitchboardAddress) {
  const ask = async <T>(schema: z.ZodType<T>, method: string, path: string, body?: object): Promise<T> => {
    const payload = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}
    const headers = { ...payload.headers, authorization: `Bearer ${token}` }
    const signal = AbortSignal.timeout(ANSWER_MS)
    const response = await fetch(new URL(path, apiUrl), { method, ...payload, headers, signal }).catch(
      (error: unknown) => {
        throw Object.assign(new ControlError(502, 'Switchboard does not answer'), { cause: error })
      },
    )
    const answer: unknown = await response.json().catch(() => ({}))
    if (response.ok) return schema.parse(answer)
    const { title = `Switchboard answered ${response.status}`, detail } = problem.catch({}).parse(answer)
    throw new ControlError(response.status < 500 ? 422 : 502, detail ?? title)
  }
  return {
    startAlert: (policy: string, text: string) => ask(accepted, 'POST', '/api/alerts', { policy, text }),
    alert: (id: string) => ask(alertView, 'GET', `/api/alerts/${encodeURIComponent(id)}`),
    cancelAlert: (id: string) => ask(accepted, 'DELETE', `/api/alerts/${encodeURIComponent(id)}`),
    notify: (to: string, template: string) => ask(accepted, 'POST', '/api/notifications', { to, template }),
    notification: (id: string) => ask(notificationView, 'GET', `/api/notifications/${encodeURIComponent(id)}`),
  }
}
