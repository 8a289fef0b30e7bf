import { contactId, notificationMessageId, outboundQueues, switchboardConfig } from '@switchboard/contracts'
import type { Contact, NotificationReply, NotificationRequest } from '@switchboard/contracts'
import { createOutbox, queuePrefix } from '@switchboard/queue'
import { createFollowUps, createNotifications } from '@switchboard/store'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createNotificationWorkflow } from '../../services/notifications/src/notification-workflow.ts'
import { createProgressHandler } from '../../services/notifications/src/progress-handler.ts'
import { createReplyHandler } from '../../services/notifications/src/reply-handler.ts'
import { createRequestHandler } from '../../services/notifications/src/request-handler.ts'
import { crashEverywhere } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const START = Date.now()
const ada: Contact = { channel: 'sms', address: '447700900123' }
const none = () => undefined
const settings = switchboardConfig.parse({
  notifications: {
    delivery: {
      text: 'Hello {name}, reply 1',
      options: { '1': 'tomorrow' },
      whatsappTemplate: { name: 'shop:delivery', locale: 'en_GB', parameters: ['{name}', '{text}'] },
    },
  },
})

let redis: TestRedis
let cleanup: AsyncDisposableStack
let messages: Queue
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
  const { name } = outboundQueues.sms
  messages = new Queue(name, { connection: redis.client, prefix: queuePrefix(name) })
  cleanup.defer(() => messages.close())
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

/** The notifications service, so many seconds after the start. */
function open(client: Redis, stack: AsyncDisposableStack, seconds = 0) {
  const now = () => START + seconds * 1_000
  const log = { info: none, warn: none, error: ({ error }: { error?: unknown }) => expect.fail(String(error)) }
  const notifications = createNotifications(client, now)
  const followUps = createFollowUps(client, now)
  const send = stack.use(createOutbox(client)).send
  const workflow = createNotificationWorkflow({ notifications, followUps, send, settings, now, log })
  const deps = { notifications, workflow, settings, log }
  return {
    request: createRequestHandler(deps),
    reply: createReplyHandler(deps),
    progress: createProgressHandler(deps),
    workflow,
    notifications,
    followUps,
  }
}
type Service = ReturnType<typeof open>
const doing = (act: (service: Service) => Promise<unknown>, seconds?: number) => {
  return (client: Redis, stack: AsyncDisposableStack) => act(open(client, stack, seconds))
}
const service = (seconds?: number) => open(redis.client, cleanup, seconds)

const request = (id: string, at = 0): NotificationRequest => ({
  id,
  name: 'delivery',
  contact: ada,
  variables: { name: 'Ada' },
  warnings: ['odd'],
  createdAt: START + at,
})
const reply = (text: string): NotificationReply => {
  return { id: `in-${text}`, notificationId: 'n1', text, sentAt: START + 1_000, receivedAt: START + 1_200 }
}
const jobs = () => messages.getJobs(['prioritized', 'waiting'])
const texts = async () => (await jobs()).map(({ data }) => String(data.text).slice(0, 12)).toSorted()

const ask = ({ request: handle }: Service) => handle(request('n1'))
const say =
  (...words: string[]) =>
  async (target: Service) => {
    await ask(target)
    for (const text of words) await target.reply(reply(text))
  }
const drop = ({ progress }: Service) =>
  progress({ notificationId: 'n1', messageId: 'm1', state: 'dropped', reason: 'expired', at: START + 5 })

it.each([
  { name: 'a notification', act: ask },
  { name: 'one that replaces another', prepare: ask, act: ({ request: handle }: Service) => handle(request('n2', 1)) },
  { name: 'a choice', prepare: ask, act: ({ reply: handle }: Service) => handle(reply('1')) },
  { name: 'a reply too many', prepare: say('a', 'b', 'c'), act: ({ reply: handle }: Service) => handle(reply('d')) },
  {
    name: 'a choice after all',
    prepare: say('a', 'b', 'c', 'd'),
    act: ({ reply: handle }: Service) => handle(reply('1')),
  },
  { name: 'one that was not sent in time', prepare: ask, act: drop },
])('$name: a crash before any command leaves nothing undone', async ({ prepare, act }) => {
  await crashEverywhere(redis, {
    ...(prepare ? { prepare: doing(prepare) } : {}),
    act: doing(act),
    reconcile: doing(async ({ workflow }) => {
      await workflow.reconcile()
      // Two that look after one question leave it to the next.
      await workflow.reconcile()
    }, 6),
    // Whom it asks is claimed before the record: without one nothing is asked, and the request is run again.
    harmless: new RegExp(`^sb:asked:${contactId(ada)}$`),
    // When a follow-up was done: as late as it was found.
    mayDiffer: /doneAt\W+\d+/g,
  })
})

it('is kept and sent with its variables', async () => {
  await ask(service())
  expect(await service().notifications.get('n1')).toMatchObject({ text: 'Hello Ada, reply 1', warnings: ['odd'] })
  expect((await jobs()).map(({ data }) => data)).toMatchObject([
    {
      id: notificationMessageId('n1'),
      text: 'Hello Ada, reply 1',
      purpose: 'notification',
      about: { notificationId: 'n1' },
      template: { parameters: ['Ada', '{text}'] },
    },
  ])
})

it('the newest question counts, in whatever order they are put', async () => {
  const { request: handle, notifications } = service()
  await handle(request('n1', 1))
  await handle(request('n2', 2))
  await handle(request('n0', 0))
  const superseding = await Promise.all(['n0', 'n1', 'n2'].map((id) => notifications.get(id)))
  expect(superseding.map((each) => each?.supersededBy)).toEqual(['n2', 'n2', undefined])
  expect((await jobs()).map(({ id }) => id)).not.toContain(notificationMessageId('n0'))
})

it('fails for good when the configuration does not know it', async () => {
  await expect(service().request({ ...request('n1'), name: 'other' })).rejects.toThrow(/no notification/)
})

it('hands over to a person once after three re-asks, until there is a choice', async () => {
  const { reply: handle, followUps, notifications } = service()
  await say('a', 'b', 'c', 'd', 'e')(service())
  expect(await followUps.open(0, 10)).toMatchObject([{ kind: 'invalid-replies', notificationId: 'n1', text: 'd' }])
  expect((await notifications.get('n1'))?.needsPerson).toBe(true)
  expect(await texts()).toEqual(['Hello Ada, r', ...Array<string>(4).fill(expect.any(String))])
  await handle(reply('1'))
  expect(await followUps.open(0, 10)).toEqual([])
})

it('one that could not be sent in time goes to a person; a reply to an erased one does nothing', async () => {
  await ask(service())
  await drop(service())
  await drop(service())
  expect(await service().followUps.open(0, 10)).toMatchObject([{ kind: 'unsent', notificationId: 'n1' }])
  await service().reply({ ...reply('1'), notificationId: 'erased' })
  expect(await texts()).toEqual(['Hello Ada, r'])
})

it('is listed again when the list was deleted, and nothing is said a second time', async () => {
  await say('1')(service())
  for (const job of await jobs()) await job.remove()
  await redis.client.del('sb:notifications')
  // Long after: what was said is forgotten by the queue.
  const later = service(2 * 86_400)
  await later.progress({ notificationId: 'n1', messageId: 'm1', state: 'delivered', at: START })
  await later.workflow.sweep.run()
  await later.workflow.reconcile()
  expect(await later.notifications.recent(Number.MAX_SAFE_INTEGER, 0, 10)).toEqual(['n1'])
  expect(await texts()).toEqual([])
})
