import { randomBytes, randomUUID } from 'node:crypto'

import type { Account } from '../account.ts'
import type { Carrier, Order } from '../carrier/carrier.ts'
import { rulesOf } from '../channels.ts'
import type { Message, MessageStore, StatusChange } from '../message-store.ts'
import { toGsm } from '../sms/segments.ts'
import type { ApiRequest, Endpoint } from '../vonage/endpoint.ts'
import { answerProblem, invalidJson, notFound, type Answer } from '../vonage/problem.ts'
import { fillTemplate } from './fill-template.ts'
import { asList, asObject, type Body } from './read-body.ts'
import { validateV01 } from './validate-v01.ts'
import { validateV1, type ValidMessage } from './validate-v1.ts'

export interface MessagesDeps {
  account: Pick<Account, 'settings'>
  carrier: Carrier
  messages: MessageStore
  typing: (message: Message) => void
  onReset: (forget: () => void) => void
}

/** Messages API v1 and v0.1. */
export function messagesEndpoints(deps: MessagesDeps): Endpoint[] {
  const workflows = createWorkflows(deps)
  const both = ['jwt', 'basic'] as const
  return [
    {
      method: 'POST',
      paths: ['/v1/messages'],
      product: 'messages',
      style: 'json',
      accepts: both,
      handle: (request) => sendV1(request, deps, workflows),
    },
    {
      method: 'POST',
      paths: ['/v0.1/messages'],
      product: 'messages',
      style: 'json',
      accepts: both,
      handle: (request) => sendV01(request, deps),
    },
    {
      method: 'PATCH',
      paths: ['/v1/messages/:id'],
      product: 'messages',
      style: 'json',
      accepts: ['jwt'],
      handle: (request) => update(request, deps),
    },
  ]
}

function sendV1(request: ApiRequest, deps: MessagesDeps, workflows: Workflows): Answer {
  const body = parseBody(request.rawBody)
  if (!body.ok) return answerProblem(invalidJson(body.reason))
  const first = validateV1(body.value)
  if (!first.ok) return answerProblem(first.problem)
  const following: ValidMessage[] = []
  for (const item of asList(body.value.failover)) {
    const next = validateV1(asObject(item) ?? {})
    if (!next.ok) return answerProblem(next.problem)
    following.push(next.value)
  }
  const order = orderOf(first.value, 'v1', request, deps)
  if (body.value.failover === undefined) {
    deps.carrier.accept(order)
    return accepted(order.id)
  }
  const workflowId = workflows.start(order, following, request)
  return { ...accepted(order.id), body: { message_uuid: order.id, workflow_id: workflowId } }
}

function sendV01(request: ApiRequest, deps: MessagesDeps): Answer {
  const body = parseBody(request.rawBody)
  if (!body.ok) return answerProblem({ ...invalidJson(body.reason), status: 400 })
  const valid = validateV01(body.value)
  if (!valid.ok) return answerProblem(valid.problem)
  const order = orderOf(valid.value, 'v0.1', request, deps)
  deps.carrier.accept(order)
  return accepted(order.id)
}

function accepted(id: string): Answer {
  return { status: 202, about: [id], body: { message_uuid: id } }
}

/** The order that a validated message becomes, with a fresh id. */
export function orderOf(
  message: ValidMessage,
  api: 'v1' | 'v0.1',
  request: Pick<ApiRequest, 'identity'>,
  deps: Pick<MessagesDeps, 'account'>,
): Order {
  const id = randomUUID()
  const content =
    message.encoding === 'text' ? { ...message.content, text: toGsm(message.content.text) } : message.content
  const parts = rulesOf[message.channel].countParts?.(content.text, message.encoding) ?? 1
  const { clientRef, webhookUrl, webhookVersion, ttlMs, messengerTag } = message
  return {
    id,
    channel: message.channel,
    address: message.address,
    sender: message.sender,
    content: fillTemplate(content, deps.account.settings().templates),
    sending: {
      api,
      auth: request.identity.kind === 'jwt' ? 'jwt' : 'basic',
      partIds: [id, ...Array.from({ length: parts - 1 }, () => randomUUID())],
      wantsReceipt: true,
      ...(clientRef === undefined ? {} : { clientRef }),
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
      ...(webhookVersion === undefined ? {} : { webhookVersion }),
      ...(ttlMs === undefined ? {} : { ttlMs }),
    },
    ...(messengerTag === undefined ? {} : { messengerTag }),
  }
}

interface Workflows {
  start(order: Order, following: ValidMessage[], request: ApiRequest): string
}

/** `failover`: the next message goes out only when the one before it was rejected. */
function createWorkflows(deps: MessagesDeps): Workflows {
  const next = new Map<string, () => void>()
  deps.onReset(() => next.clear())
  deps.carrier.onStatus((message: Message, change: StatusChange) => {
    const goOn = next.get(message.id)
    if (change.status === 'submitted' || !goOn) return
    next.delete(message.id)
    if (change.status === 'rejected') goOn()
  })
  const run = (
    order: Order,
    rest: ValidMessage[],
    request: ApiRequest,
    place: { id: string; number: number; total: number },
  ) => {
    deps.carrier.accept({ ...order, sending: { ...order.sending, workflow: place } })
    const [following, ...others] = rest
    if (!following) return
    next.set(order.id, () => {
      run(orderOf(following, 'v1', request, deps), others, request, { ...place, number: place.number + 1 })
    })
  }
  return {
    start(order, following, request) {
      const id = randomBytes(41).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 55)
      run(order, following, request, { id, number: 1, total: following.length + 1 })
      return id
    },
  }
}

/** `PATCH`: an inbound message was read, or the person is shown that we type. */
function update(request: ApiRequest, deps: MessagesDeps): Answer {
  const id = request.params.id ?? ''
  const message = deps.messages.get(id)
  const body = parseBody(request.rawBody)
  if (!body.ok) return answerProblem(invalidJson(body.reason))
  if (!message) return answerProblem(notFound(id))
  if (!rulesOf[message.channel].canMarkRead || message.direction !== 'out' || body.value.status !== 'read') {
    return answerProblem({
      status: 422,
      type: '',
      title: 'Operation not supported',
      detail: `This operation is not available for ${message.channel}`,
    })
  }
  deps.messages.changeStatus(message, { status: 'read', at: new Date().toISOString() })
  if (asObject(body.value.replying_indicator)?.show === true) deps.typing(message)
  return { status: 202, about: [id], body: null }
}

export type ParsedBody = { ok: true; value: Body } | { ok: false; reason: string }

export function parseBody(rawBody: string): ParsedBody {
  try {
    const value = asObject(JSON.parse(rawBody))
    return value ? { ok: true, value } : { ok: false, reason: 'The body is not a JSON object' }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'Not JSON' }
  }
}
