import { z } from 'zod'

import { isOver, type Call, type ConnectedLeg } from './call.ts'

const LARGEST_PAGE = 100

/** What `GET /v1/calls` takes in its query. */
export const callsQuery = z.object({
  status: z.string().optional(),
  date_start: z.coerce.date().optional(),
  date_end: z.coerce.date().optional(),
  page_size: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(10),
  record_index: z.coerce.number().int().min(0).default(0),
  order: z.enum(['asc', 'desc']).default('asc'),
  conversation_uuid: z.string().optional(),
})

type CallsQuery = z.output<typeof callsQuery>

/** One page of calls in Vonage's form; legs to sockets are calls of their own. */
export function listCalls(calls: readonly Call[], query: CallsQuery, search: string) {
  const all = calls.flatMap((call) => [
    describeCall(call),
    ...call.legs.filter(({ uuid }) => uuid !== call.uuid).map((leg) => describeLeg(call, leg)),
  ])
  const fitting = all.filter((call) => fits(call, query))
  const ordered = query.order === 'desc' ? fitting.toReversed() : fitting
  const { page_size, record_index } = query
  return {
    count: fitting.length,
    page_size,
    record_index,
    _links: { self: { href: search === '' ? '/v1/calls' : `/v1/calls?${search}` } },
    _embedded: { calls: ordered.slice(record_index, record_index + page_size) },
  }
}

type Described = ReturnType<typeof describeCall>

function fits(call: Described, { status, date_start, date_end, conversation_uuid }: CallsQuery): boolean {
  const startedAt = call.start_time === null ? null : Date.parse(`${call.start_time.replace(' ', 'T')}Z`)
  return (
    (status === undefined || call.status === status) &&
    (conversation_uuid === undefined || call.conversation_uuid === conversation_uuid) &&
    (date_start === undefined || (startedAt !== null && startedAt >= date_start.getTime())) &&
    (date_end === undefined || (startedAt !== null && startedAt <= date_end.getTime()))
  )
}

export function describeCall(call: Call) {
  const { uuid, conversationUuid, state, direction, from, endpoint, answeredAt, endedAt } = call
  return describe({ uuid, conversationUuid, state, direction, from, to: addressOf(endpoint), answeredAt, endedAt })
}

function describeLeg(call: Call, leg: ConnectedLeg): Described {
  const { uuid, endpoint, answeredAt, socket, failure } = leg
  const isOpen = socket !== null && socket.summary().end === null && !isOver(call)
  const state = failure === null ? (isOpen ? 'answered' : 'completed') : 'failed'
  const { conversationUuid, from } = call
  const endedAt = isOpen ? null : (call.endedAt ?? new Date().toISOString())
  return describe({
    uuid,
    conversationUuid,
    state,
    direction: 'outbound',
    from,
    to: addressOf(endpoint),
    answeredAt,
    endedAt,
  })
}

interface Parts extends Pick<
  Call,
  'uuid' | 'conversationUuid' | 'state' | 'direction' | 'from' | 'answeredAt' | 'endedAt'
> {
  to: Record<string, unknown>
}

function describe({ uuid, conversationUuid, state, direction, from, to, answeredAt, endedAt }: Parts) {
  const seconds = answeredAt && endedAt ? Math.ceil((Date.parse(endedAt) - Date.parse(answeredAt)) / 1_000) : 0
  return {
    uuid,
    conversation_uuid: conversationUuid,
    status: state,
    direction,
    from: { type: 'phone', number: from },
    to,
    start_time: answeredAt && restTime(answeredAt),
    end_time: endedAt && restTime(endedAt),
    rate: '0.01270000',
    price: ((seconds / 60) * 0.0127).toFixed(8),
    duration: String(seconds),
    network: '23410',
    _links: { self: { href: `/v1/calls/${uuid}` } },
  }
}

function addressOf(endpoint: Call['endpoint']): Record<string, unknown> {
  switch (endpoint.type) {
    case 'phone':
      return { type: 'phone', number: endpoint.number }
    case 'app':
      return { type: 'app', user: endpoint.user }
    case 'sip':
      return { type: 'sip', uri: endpoint.uri }
    case 'vbc':
      return { type: 'vbc', extension: endpoint.extension }
    case 'websocket':
      return { type: 'websocket', uri: endpoint.uri, 'content-type': endpoint['content-type'] }
  }
}

/** `YYYY-MM-DD HH:MM:SS`, UTC without saying so: other than in events. */
function restTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}
