import { randomUUID } from 'node:crypto'

import type { Account } from '../account.ts'
import type { Carrier, Order } from '../carrier/carrier.ts'
import { rulesOf } from '../channels.ts'
import type { Clock } from '../clock.ts'
import type { Message, StatusChange } from '../message-store.ts'
import { orderOf } from '../messages/endpoints.ts'
import type { ApiRequest } from '../vonage/endpoint.ts'
import type { WebhookSender } from '../webhooks/sender.ts'
import { priceOf } from '../webhooks/status-shapes.ts'
import type { DispatchStep } from './validate.ts'

export interface Workflows {
  /** Begins a workflow and returns its id and that of its first message. */
  start(steps: DispatchStep[], request: Pick<ApiRequest, 'identity'>): { dispatchUuid: string; messageUuid: string }
  reset(): void
}

export interface WorkflowDeps {
  account: Pick<Account, 'settings'>
  carrier: Pick<Carrier, 'accept' | 'onStatus'>
  clock: Pick<Clock, 'after'>
  webhooks: Pick<WebhookSender, 'send'>
}

interface Workflow {
  id: string
  request: Pick<ApiRequest, 'identity'>
  steps: DispatchStep[]
  /** Index of the step that is being waited for. */
  current: number
  sent: Message[]
  cancelTimer: () => void
}

/** What a status means to the step that is waited for. */
type Verdict = 'met' | 'failed' | 'wait'

export function judge(step: DispatchStep, status: StatusChange['status']): Verdict {
  if (status === 'rejected' || status === 'undeliverable') return 'failed'
  const condition = step.failover?.condition ?? 'delivered'
  if (status === 'read' || status === condition) return 'met'
  return 'wait'
}

export function createDispatchWorkflows(deps: WorkflowDeps): Workflows {
  const open = new Map<string, Workflow>()

  const finish = (workflow: Workflow, isMet: boolean) => {
    open.delete(workflow.id)
    workflow.cancelTimer()
    sendReport(deps, workflow, isMet)
  }
  const run = (workflow: Workflow): string => {
    const step = workflow.steps[workflow.current]
    if (!step) return ''
    const order = orderFor(workflow, step, deps)
    workflow.sent.push(deps.carrier.accept(order))
    workflow.cancelTimer = step.failover ? deps.clock.after(step.failover.expiryMs, () => goOn(workflow)) : () => {}
    return order.id
  }
  const goOn = (workflow: Workflow) => {
    if (!open.has(workflow.id)) return
    workflow.cancelTimer()
    workflow.current += 1
    if (workflow.current < workflow.steps.length) run(workflow)
    else finish(workflow, false)
  }

  deps.carrier.onStatus((message, change) => {
    const workflow = open.get(message.sending?.dispatchUuid ?? '')
    const step = workflow?.steps[workflow.current]
    // A late status of a message that was given up changes nothing.
    if (!workflow || !step || workflow.sent[workflow.current] !== message) return
    const verdict = judge(step, change.status)
    if (verdict === 'met') finish(workflow, true)
    if (verdict === 'failed') goOn(workflow)
  })

  return {
    start(steps, request) {
      const id = randomUUID()
      const workflow: Workflow = { id, request, steps, current: 0, sent: [], cancelTimer: () => {} }
      open.set(id, workflow)
      return { dispatchUuid: id, messageUuid: run(workflow) }
    },
    reset: () => open.clear(),
  }
}

function orderFor(workflow: Workflow, step: DispatchStep, deps: WorkflowDeps): Order {
  const order = orderOf(step.message, 'v0.1', workflow.request, deps)
  return { ...order, sending: { ...order.sending, dispatchUuid: workflow.id } }
}

/** The final report: sent when a condition is met, or when the last message has failed. */
function sendReport(deps: WorkflowDeps, workflow: Workflow, isMet: boolean): void {
  const settings = deps.account.settings()
  const isApplication = workflow.request.identity.kind === 'jwt'
  const messages = workflow.sent.map((message) => ({
    message_uuid: message.id,
    href: `/messages/${message.id}`,
    channel: rulesOf[message.channel].v01.type,
    usage: { currency: 'EUR', price: priceOf(message) },
    status: message.status,
  }))
  const price = messages.reduce((sum, message) => sum + Number(message.usage.price), 0)
  deps.webhooks.send({
    kind: 'status',
    url: (isApplication ? null : settings.accountStatusUrl) ?? settings.urls.status,
    format: 'post-json',
    signing: 'jwt',
    hasApplication: isApplication,
    about: [workflow.id, ...workflow.sent.map((message) => message.id)],
    body: {
      dispatch_uuid: workflow.id,
      template: 'failover',
      status: isMet ? 'completed' : 'error',
      timestamp: new Date().toISOString(),
      usage: { price: price.toFixed(4), currency: 'EUR' },
      _links: { messages },
    },
  })
}
