import { alertStepQueue, contactId, RateLimitedError, switchboardConfig } from '@switchboard/contracts'
import type { Alert, AlertPlan, AlertStep, MessageState, OutboundMessage } from '@switchboard/contracts'

import { createFulfil } from '../fulfil.ts'
import { createReconcile } from '../reconcile.ts'
import { createWalker } from '../walker.ts'
import type { Walker } from '../walker.ts'
import { START } from './story.ts'

export class CrashError extends Error {
  override name = 'CrashError'
}

/** What a service has written. It may crash before any of its effects. */
function createMemory() {
  let effectsLeft = Infinity
  return {
    now: START,
    records: new Map<string, Alert>(),
    walking: new Map<string, number>(),
    timers: new Map<string, { timer: AlertStep; at: number }>(),
    contacts: new Set<string>(),
    lateReplies: new Map<string, string>(),
    /** Alerts that were asked for. */
    requested: new Set<string>(),
    messages: new Map<string, OutboundMessage>(),
    states: new Map<string, MessageState>(),
    rescued: new Array<object>(),
    /** Every effect goes through here. */
    effect: async <Result>(act: () => Result): Promise<Result> => {
      if (effectsLeft <= 0) throw new CrashError('killed')
      effectsLeft -= 1
      return act()
    },
    /** The process is killed when it tries its next effect after so many. */
    crashAfter: (effects: number) => void (effectsLeft = effects),
    recover: () => void (effectsLeft = Infinity),
  }
}
type Memory = ReturnType<typeof createMemory>

function createAlerts({ records, walking, contacts, effect }: Memory, plan: AlertPlan) {
  return {
    get: async (id: string) => structuredClone(records.get(id)),
    savePlan: async () => 'plan',
    plan: async (_planId: string) => plan,
    nextCode: async () => 'A17',
    create: (alert: Alert) =>
      effect(() => {
        const there = records.get(alert.id) ?? alert
        records.set(alert.id, there)
        return there
      }),
    change: (id: string, decide: (current: Alert) => Alert) =>
      effect(() => {
        const before = records.get(id)
        if (!before) return undefined
        const after = decide(before)
        records.set(id, after)
        return { before, after }
      }),
    index: ({ id, state, dueAt }: Alert) =>
      effect(() => (state === 'walking' ? void walking.set(id, dueAt) : void walking.delete(id))),
    forget: async (id: string) => void walking.delete(id),
    dueBefore: async (moment: number, limit: number) =>
      [...walking]
        .filter(([, at]) => at < moment)
        .toSorted(([, a], [, b]) => a - b)
        .slice(0, limit)
        .map(([id]) => id),
    trimRecent: async () => undefined,
    addContact: (contact: Parameters<typeof contactId>[0]) => effect(() => void contacts.add(contactId(contact))),
    removeContact: (contact: Parameters<typeof contactId>[0]) => effect(() => void contacts.delete(contactId(contact))),
  }
}

function createTimers(memory: Memory) {
  const { timers, effect } = memory
  return {
    enqueue: (timer: AlertStep, { delayMs = 0 } = {}) =>
      effect(() => {
        const id = alertStepQueue.jobId(timer)
        if (!timers.has(id)) timers.set(id, { timer, at: memory.now + Math.max(0, delayMs) })
      }),
    remove: (id: string) => effect(() => void timers.delete(id)),
    isPending: async (id: string) => timers.has(id),
  }
}

/** The world of a failover service, in memory. */
export function createWorld(plan: AlertPlan) {
  const memory = createMemory()
  const { messages, states, rescued, effect } = memory
  const alerts = createAlerts(memory, plan)
  const timers = createTimers(memory)
  const fulfil = createFulfil({
    alerts,
    timers,
    lateReplies: {
      expect: (contact, alertId) => effect(() => void memory.lateReplies.set(contactId(contact), alertId)),
    },
    // The queue knows a message that it has been given before.
    send: (message) => effect(() => void (messages.has(message.id) || messages.set(message.id, message))),
    handOver: () => Promise.reject(new Error('not in this world')),
    finalReport: () => Promise.reject(new Error('not in this world')),
    acknowledgeLink: (alertId, user) => `https://alerts.example/a/${user}-${alertId}`,
    settings: switchboardConfig.parse({}),
    now: () => memory.now,
  })
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const walker = createWalker({
    alerts,
    ledger: {
      get: async (id: string) => {
        const state = states.get(id)
        return (
          state && { channel: 'sms', to: '', text: '', purpose: 'alert', state, events: [], uuids: {}, createdAt: 0 }
        )
      },
    },
    fulfil,
    isRequested: async (id) => memory.requested.has(id),
    passOn: async () => undefined,
    now: () => memory.now,
    log,
    observe: { ended: () => undefined, lateness: () => undefined },
  })
  const reconcile = createReconcile({
    alerts,
    timers,
    fulfil,
    now: () => memory.now,
    log: { ...log, warn: (fields) => void rescued.push(fields) },
    countRescue: () => undefined,
  })

  return {
    ...memory,
    walker,
    reconcile,
    timerStore: timers,
    passes: (ms: number) => void (memory.now += ms),
    runDue: () => runDue(memory, walker),
  }
}
export type World = ReturnType<typeof createWorld>

/** Runs the timers that are due, once each, as the queue would: those that came too early wait again. */
async function runDue(memory: Memory, walker: Walker): Promise<void> {
  const due = [...memory.timers].filter(([, { at }]) => at <= memory.now)
  for (const [id, { timer }] of due) {
    try {
      await walker.step(timer)
      memory.timers.delete(id)
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error
      memory.timers.set(id, { timer, at: memory.now + error.retryAfterMs })
    }
  }
}
