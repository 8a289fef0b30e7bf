import { alertStepQueue, answerWordsOf, contactId, PostponedError, switchboardConfig } from '@switchboard/contracts'
import type {
  Alert,
  AlertPlan,
  AlertStep,
  AuditEntry,
  Contact,
  MessageState,
  OutboundMessage,
} from '@switchboard/contracts'
import type { DueSet } from '@switchboard/workflow'

import { createAlertWorkflow } from '../alert-workflow.ts'
import { createWalker } from '../walker.ts'
import type { Walker } from '../walker.ts'
import { START } from './story.ts'

export class CrashError extends Error {
  override name = 'CrashError'
}

/** What a service has written. It may crash before any of its effects. */
function createMemory() {
  let effectsLeft = Infinity
  const lateReplies = new Map<string, string>()
  return {
    now: START,
    records: new Map<string, Alert>(),
    walking: new Map<string, number>(),
    listed: new Set<string>(),
    blocked: new Map<string, number>(),
    timers: new Map<string, { timer: AlertStep; at: number }>(),
    contacts: new Set<string>(),
    lateReplies,
    /** Alerts that were asked for. */
    requested: new Set<string>(),
    messages: new Map<string, OutboundMessage>(),
    states: new Map<string, MessageState>(),
    areSendersOpen: { now: true },
    rescued: new Array<object>(),
    /** Every effect goes through here. */
    effect: async <Result>(act: () => Result): Promise<Result> => {
      if (effectsLeft <= 0) throw new CrashError('killed')
      effectsLeft -= 1
      return act()
    },
    keepLate: async (contact: Contact, alertId: string) => void lateReplies.set(contactId(contact), alertId),
    /** The process is killed when it tries its next effect after so many. */
    crashAfter: (effects: number) => void (effectsLeft = effects),
    recover: () => void (effectsLeft = Infinity),
  }
}
type Memory = ReturnType<typeof createMemory>

function createAlerts({ records, walking, listed, blocked, contacts, effect }: Memory, plan: AlertPlan) {
  return {
    get: async (id: string) => structuredClone(records.get(id)),
    savePlan: async () => 'plan',
    plan: async (_planId: string) => plan,
    nextCode: async () => 'A17',
    change: async (
      id: string,
      decide: (current: Alert | undefined) => Alert | undefined,
      { beforeWrite }: { beforeWrite?: (before: Alert | undefined, after: Alert) => Promise<unknown> | undefined } = {},
    ) => {
      const before = records.get(id)
      const after = decide(before)
      if (after === undefined || after === before) return { before, after }
      await beforeWrite?.(before, after)
      await effect(() => void records.set(id, after))
      return { before, after }
    },
    due: createDueSet(walking, effect),
    scan: async function* () {
      yield* [[...records.keys()]]
    },
    takeCode: async () => undefined,
    listOpen: ({ id }: Pick<Alert, 'id'>) => effect(() => void listed.delete(id)),
    listBlocked: (id: string, until: number) => effect(() => void blocked.set(id, until)),
    unlistBlocked: (id: string) => effect(() => void blocked.delete(id)),
    listEnded: ({ id }: Pick<Alert, 'id'>) => effect(() => void listed.add(id)),
    addContact: (contact: Parameters<typeof contactId>[0]) => effect(() => void contacts.add(contactId(contact))),
    removeContact: (contact: Parameters<typeof contactId>[0]) => effect(() => void contacts.delete(contactId(contact))),
  }
}

function createDueSet(positions: Map<string, number>, effect: Memory['effect']): DueSet {
  return {
    enter: (id, at) =>
      effect(() => {
        const previous = positions.get(id)
        positions.set(id, at)
        return previous
      }),
    settle: (id, from, at) =>
      effect(() => {
        if (positions.get(id) !== from) return false
        if (at === undefined) positions.delete(id)
        else positions.set(id, at)
        return true
      }),
    positions: async (ids) => ids.map((id) => positions.get(id)),
    take: async (before, until, limit) => {
      const ids = [...positions].filter(([, at]) => at <= before).toSorted(([, a], [, b]) => a - b)
      const taken = ids.slice(0, limit).map(([id]) => id)
      for (const id of taken) positions.set(id, until)
      return taken
    },
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
  }
}

const links = {
  callUrls: (messageId: string) => ({ keysUrl: `https://alerts.example/key/${messageId}` }),
  acknowledgeLink: (alertId: string, user: number) => `https://alerts.example/a/${user}-${alertId}`,
}

/** The world of a failover service, in memory. */
export function createWorld(plan: AlertPlan) {
  const memory = createMemory()
  const { messages, states, rescued, effect } = memory
  const bundleable = new Set<string>()
  const failures = new Array<object>()
  const trail = new Array<AuditEntry>()
  const alerts = createAlerts(memory, plan)
  const timers = createTimers(memory)
  const log = {
    info: () => undefined,
    warn: (fields: object) => void rescued.push(fields),
    error: (fields: object) => void failures.push(fields),
  }
  const workflow = createAlertWorkflow({
    alerts,
    timers,
    lateReplies: { expect: memory.keepLate, ended: memory.keepLate },
    callerWorkflows: { reached: async () => undefined },
    // The queue knows a message that it has been given before.
    outbox: {
      send: (message) =>
        effect(() => {
          if (messages.has(message.id)) return
          messages.set(message.id, message)
          states.set(message.id, 'accepted')
        }),
    },
    bundling: { gathers: async ({ id }) => !bundleable.add(id) },
    ledger: { get: async () => undefined, stateOf: async (id) => states.get(id) },
    trail: { enqueue: async (entry) => void trail.push(entry) },
    handOver: () => Promise.reject(new Error('not in this world')),
    callers: { finalReport: () => Promise.reject(new Error('not in this world')) },
    ...links,
    settings: switchboardConfig.parse({}),
    now: () => memory.now,
    log,
  })
  const walker = createWalker({
    alerts,
    ledger: { stateOf: async (id: string) => states.get(id) },
    workflow,
    isRequested: async (id) => memory.requested.has(id),
    callers: { status: async () => undefined },
    vocabulary: answerWordsOf({}),
    readRetry: async ({ passedOver = [] }) => ({ open: memory.areSendersOpen.now ? passedOver : [], sent: [] }),
    now: () => memory.now,
    log,
    observe: { blocked: () => undefined, ended: () => undefined, lateness: () => undefined },
  })

  return {
    ...memory,
    walker,
    /** What might have left together with others, if there were any. */
    bundleable,
    reconcile: () => workflow.reconcile(walker.performDue),
    failures,
    trail,
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
      if (!(error instanceof PostponedError)) throw error
      memory.timers.set(id, { timer, at: memory.now + error.delayMs })
    }
  }
}
