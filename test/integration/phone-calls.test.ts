import { alertAttentionQueue, PostponedError, switchboardConfig } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import {
  createCallCeiling,
  createCalls,
  createConsent,
  createFeedValues,
  createInbound,
  createLedger,
  createLines,
  createReplyGuard,
  createSenderRate,
  createSenders,
  createSubscriptions,
  createWaitingCalls,
  uuidInCall,
} from '@switchboard/store'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createCallEventHandler } from '../../services/outbound/src/call-event.ts'
import { combineReports } from '../../services/outbound/src/combine-reports.ts'
import { createLineReport } from '../../services/outbound/src/phone-line.ts'
import { createAlertReport } from '../../services/outbound/src/report-alert.ts'
import { createSendHandler } from '../../services/outbound/src/send-handler.ts'
import { applyParked, createStatusHandler } from '../../services/outbound/src/status-handler.ts'
import { withClient } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const NUMBER = '447700900012'
const settings = switchboardConfig.parse({ senders: { voice: '447700900003' }, rates: { voice: 1_000 } })
const none = () => undefined
const silent = { info: none, warn: none, error: none }

let redis: TestRedis
beforeAll(async () => {
  redis = await openTestRedis()
})
beforeEach(() => redis.flush())
afterAll(() => redis[Symbol.asyncDispose]())

function spoken(id: string): OutboundMessage {
  return {
    id,
    channel: 'voice',
    to: NUMBER,
    text: 'db-7 is down',
    purpose: 'alert',
    createdAt: Date.now(),
    about: { kind: 'alert', step: { alertId: id, round: 0, user: 0, channel: 0 } },
    call: { keysUrl: 'https://alerts.example/key', language: 'en-GB', ringingSeconds: 45 },
  }
}

/** The outbound service as far as calls go. `placed`: the messages whose call was asked for. */
function outbound(placed: string[], perHour = 100) {
  return (client: Redis, stack: AsyncDisposableStack) => {
    const ledger = createLedger(client)
    const phone = { lines: createLines(client), waitingCalls: createWaitingCalls(client) }
    const consent = createConsent(client)
    const attention = stack.use(createProducer(alertAttentionQueue, client))
    const { report, reportStatus } = combineReports(
      createAlertReport({ attention, now: Date.now }),
      createLineReport(phone),
    )
    const statusDeps = {
      ledger,
      endConsent: async () => expect.fail('nobody opts out'),
      reportStatus,
      workflowStatus: async () => false,
      outbox: { send: async () => expect.fail('nothing is sent twice') },
      settings: { templates: {} },
      log: silent,
      count: none,
    }
    const applyStatus = createStatusHandler(statusDeps)
    const callEvent = createCallEventHandler({
      calls: createCalls(client),
      waitingCalls: phone.waitingCalls,
      applyStatus,
      log: silent,
      count: none,
    })
    const send = createSendHandler({
      vonage: {
        async send({ id }) {
          placed.push(id)
          return { messageUuids: [`leg-${id}`], parts: 1 }
        },
      },
      ledger,
      ...phone,
      callCeiling: createCallCeiling(client, 'alert-calls', { callsPerNumberPerHour: perHour }),
      consent,
      report,
      settings,
      applyStatus: (status) => applyParked(status, statusDeps),
      isAlertOpen: async () => true,
      limitReached: async () => undefined,
      senders: createSenders(client),
      rate: createSenderRate(client),
      replyGuard: createReplyGuard(client),
      subscriptions: createSubscriptions(client),
      feedValues: createFeedValues(client),
      inbound: createInbound(client),
      log: silent,
      count: none,
      now: Date.now,
      random: Math.random,
    })
    const event = (id: string, state: 'submitted' | 'undeliverable') => {
      const at = Date.now()
      return applyStatus({ kind: 'message', messageUuid: `leg-${id}`, state, at, receivedAt: at })
    }
    /** The call of `m1` has ended. */
    const hangUp = () =>
      callEvent({ uuid: 'leg-m1', status: 'completed', to: NUMBER, at: Date.now(), receivedAt: Date.now() })
    return { send, event, ledger, applyStatus, hangUp }
  }
}

type Outbound = ReturnType<ReturnType<typeof outbound>>

it('whatever a worker dies before, a step is one call', async () => {
  let crashes = 0
  for (let didDie = true; didDie; crashes += 1) {
    await redis.flush()
    const placed: string[] = []
    const open = outbound(placed)
    const sends = (commands: number) =>
      withClient(redis.url, commands, (client, stack) => open(client, stack).send(spoken('m1')))
    didDie = await sends(crashes)
    // The job runs again, and once more.
    for (const commands of [Infinity, Infinity]) await sends(commands)
    const state = (await createLedger(redis.client).get('m1'))?.state
    const hint = `dead before command ${crashes + 1}`
    expect(placed.length, hint).toBeLessThanOrEqual(1)
    // Not placed, or nobody knows: then the alert knows that.
    expect(state, hint).toBe(placed.length === 1 && state === 'accepted' ? 'accepted' : 'unknown')
  }
  expect(crashes).toBeGreaterThan(5)
})

it('a number is in one call at a time, until that one ends', async () => {
  const placed: string[] = []
  const open = outbound(placed)
  const on = (act: (service: Outbound) => Promise<unknown>) =>
    withClient(redis.url, Infinity, (client, stack) => act(open(client, stack)))
  await on(({ send }) => send(spoken('m1')))
  await on(({ event }) => event('m1', 'submitted'))
  await expect(on(({ send }) => send(spoken('m2')))).rejects.toThrow(PostponedError)
  await on(({ event }) => event('m1', 'undeliverable'))
  await on(({ send }) => send(spoken('m2')))
  // The first call's events may come once more: the line is the second one's now.
  await on(({ event }) => event('m1', 'undeliverable'))
  await expect(on(({ send }) => send(spoken('m3')))).rejects.toThrow(PostponedError)
  expect(placed).toEqual(['m1', 'm2'])
})

it('a number is called only so often in an hour: further calls count as held, and free the line', async () => {
  const placed: string[] = []
  const open = outbound(placed, 2)
  const on = (act: (service: Outbound) => Promise<unknown>) =>
    withClient(redis.url, Infinity, (client, stack) => act(open(client, stack)))
  const { hasRoom } = createCallCeiling(redis.client, 'alert-calls', { callsPerNumberPerHour: 2 })
  for (const id of ['m1', 'm2', 'm3', 'm4']) {
    // The job of one that was placed may run again, and is none more.
    await on(({ send }) => send(spoken(id)))
    await on(({ send }) => send(spoken(id)))
    await on(({ event }) => event(id, 'undeliverable'))
    expect(await hasRoom(NUMBER)).toBe(id === 'm1')
  }
  expect(placed).toEqual(['m1', 'm2'])
  const ledger = createLedger(redis.client)
  for (const id of ['m3', 'm4'])
    expect(await ledger.get(id)).toMatchObject({ state: 'dropped', events: [{ reason: 'call-limit' }] })
  expect(await redis.client.exists(`sb:line:${NUMBER}`)).toBe(0)
  expect(await hasRoom('447700900013')).toBe(true)
})

it('a line whose call nobody hears of is free by itself', async () => {
  const lines = createLines(redis.client)
  expect(await lines.take(NUMBER, 'm1', 1)).toBe(true)
  expect(await lines.take(NUMBER, 'm1', 1)).toBe(true)
  expect(await lines.take(NUMBER, 'm2', 1)).toBe(false)
  await expect.poll(() => lines.take(NUMBER, 'm2', 60), { timeout: 10_000 }).toBe(true)
  await lines.keep(NUMBER, 'm1', 9_000)
  await lines.release(NUMBER, 'm1')
  expect(await redis.client.ttl(`sb:line:${NUMBER}`)).toBeLessThanOrEqual(60)
})

it('what joined a call is never placed, whatever a worker dies before, and ends with that call or its own key', async () => {
  const at = Date.now()
  const own = { kind: 'message', messageUuid: uuidInCall('leg-m1', 'm2'), clientRef: 'm2', at, receivedAt: at } as const
  for (const end of ['key', 'hang-up', 'key first'] as const) {
    let crashes = 0
    for (let didDie = true; didDie; crashes += 1) {
      await redis.flush()
      const placed: string[] = []
      const open = outbound(placed)
      const on = (act: (service: Outbound) => Promise<unknown>, commands = Infinity) =>
        withClient(redis.url, commands, (client, stack) => act(open(client, stack)))
      const waitingCalls = createWaitingCalls(redis.client)
      await on(({ send }) => send(spoken('m1')))
      await on(({ event }) => event('m1', 'submitted'))
      await expect(on(({ send }) => send(spoken('m2')))).rejects.toThrow(PostponedError)
      const [waiting] = await waitingCalls.list(NUMBER)
      expect(waiting && (await waitingCalls.join(NUMBER, waiting, { leg: 'leg-m1', after: 'm1' }))).toBe(true)
      // The key may overtake the look for the line.
      if (end === 'key first') await on(({ applyStatus }) => applyStatus({ ...own, state: 'read' }))
      didDie = await on(({ send }) => send(spoken('m2')), crashes)
      await on(({ send }) => send(spoken('m2')))
      if (end === 'key') await on(({ applyStatus }) => applyStatus({ ...own, state: 'read' }))
      await on(({ hangUp }) => hangUp())
      const hint = `${end}, dead before command ${crashes + 1}`
      expect((await createLedger(redis.client).get('m2'))?.state, hint).toBe(
        end === 'hang-up' ? 'undeliverable' : 'read',
      )
      expect(placed, hint).toEqual(['m1'])
      // The line is free again.
      await on(({ send }) => send(spoken('m3')))
      expect(placed, hint).toEqual(['m1', 'm3'])
    }
    expect(crashes).toBeGreaterThan(5)
  }
})

it('what waits joins one call once, and not when its own is placed', async () => {
  const waitingCalls = createWaitingCalls(redis.client)
  await waitingCalls.wait(spoken('m2'), 2)
  await waitingCalls.wait(spoken('m3'), 1)
  await waitingCalls.wait(spoken('m2'), 0)
  const [m3, m2] = await waitingCalls.list(NUMBER)
  expect([m3?.messageId, m2?.messageId]).toEqual(['m3', 'm2'])
  if (!m2 || !m3) return
  expect(await waitingCalls.join(NUMBER, m2, { leg: 'a', after: 'm1' })).toBe(true)
  expect(await waitingCalls.join(NUMBER, m2, { leg: 'b', after: 'm1' })).toBe(false)
  expect(await waitingCalls.leave(NUMBER, 'm2')).toBe('a')
  expect(await waitingCalls.joinedLeg(NUMBER, 'm2')).toBe('a')
  expect(await waitingCalls.leave(NUMBER, 'm3')).toBeUndefined()
  expect(await waitingCalls.join(NUMBER, m3, { leg: 'a', after: 'm2' })).toBe(false)
})
