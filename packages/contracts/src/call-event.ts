import { z } from 'zod'

/** A voice event webhook. Prices and durations stay strings, as Vonage sends them. */
export const callEvent = z.object({
  /** The leg; error events have none. */
  uuid: z.string().max(100).optional(),
  conversationUuid: z.string().max(100).optional(),
  status: z.string().max(50),
  detail: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  direction: z.string().optional(),
  /** The message that is spoken in it, where the address that Vonage posted to names it. */
  messageId: z.string().max(40).optional(),
  /** A machine that answers is left the text: that it is one is not the end of the call. */
  leavesText: z.boolean().optional(),
  /** Milliseconds: by the provider, and when it reached us. */
  at: z.int(),
  receivedAt: z.int(),
  durationSeconds: z.string().optional(),
  price: z.string().optional(),
  rate: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  reason: z.string().optional(),
  disconnectedBy: z.string().optional(),
  /** Of a WebSocket leg: the ids we put into the connect action. */
  headers: z.record(z.string(), z.string()).optional(),
})
export type CallEvent = z.infer<typeof callEvent>

/** The headers of our WebSocket endpoint: in the first frame the echo service gets, and in the events of that leg. */
export const callHeaders = z.object({
  /** The caller's leg; the token of the handshake is for the same one. */
  call_uuid: z.string().min(1).max(100),
  conversation_uuid: z.string().max(100).optional(),
})
export type CallHeaders = z.infer<typeof callHeaders>

/** A call has a leg for the caller and one for the echo service. */
export function isWebSocketLeg({ to, headers }: CallEvent): boolean {
  return callHeaders.safeParse(headers).success || /^wss?:/.test(to ?? '')
}
