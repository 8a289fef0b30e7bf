import { outboundQueues, personId, subscriptionRequestQueue, switchboardConfig } from '@switchboard/contracts'
import type { Contact, SignupAnswer } from '@switchboard/contracts'
import { createOutbox, createProducer, queuePrefix } from '@switchboard/queue'
import { createConsent, createSignups, createSubscriptions } from '@switchboard/store'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'

import { createSignupHandler } from '../../services/subscriptions/src/signup-handler.ts'
import { createSignupWorkflow } from '../../services/subscriptions/src/signup-workflow.ts'
import { decideSubscription } from '../../services/subscriptions/src/subscription.ts'
import { crashEverywhere } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { subscribe } from '../support/subscribe.ts'

const START = Date.now()
const ada: Contact = { channel: 'sms', address: '447700900123' }
const none = () => undefined

let redis: TestRedis
let cleanup: AsyncDisposableStack
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

interface Options {
  seconds?: number
  senders?: object
}

/** The subscriptions service, so many seconds after the start. */
function open(client: Redis, stack: AsyncDisposableStack, { seconds = 0, senders }: Options = {}) {
  const now = () => START + seconds * 1_000
  const deps = {
    signups: createSignups(client, now),
    subscriptions: createSubscriptions(client),
    consent: createConsent(client),
    subscriptionRequests: stack.use(createProducer(subscriptionRequestQueue, client)),
    send: stack.use(createOutbox(client)).send,
    link: (given: string, { id }: { id: string }) => `https://example.org/${given}/${id}`,
    settings: switchboardConfig.parse({
      senders: senders ?? { sms: '447700900000', viber_service: 'Shop' },
      feeds: { MSFT: { source: 'push' }, GOOGL: { source: 'push' } },
    }),
    now,
    log: { info: none, warn: none, error: ({ error }: { error?: unknown }) => expect.fail(String(error)) },
  }
  const workflow = createSignupWorkflow(deps)
  return { ...deps, workflow, handle: createSignupHandler({ ...deps, workflow }) }
}
type Service = ReturnType<typeof open>
const doing = (act: (service: Service) => Promise<unknown>, seconds = 0) => {
  return (client: Redis, stack: AsyncDisposableStack) => act(open(client, stack, { seconds }))
}
const service = (options?: Options) => open(redis.client, cleanup, options)

const ask = { kind: 'ask', id: 's1', contact: ada, topic: 'MSFT', at: START } as const
const said = (answer: SignupAnswer['answer'], at = 1_000): SignupAnswer => {
  return { kind: 'answer', signupId: 's1', answer, via: 'text', words: 'YES', at: START + at }
}
const asking = ({ handle }: Service) => handle(ask)
const confirmed = async ({ handle }: Service) => {
  await handle(ask)
  await handle(said('confirm'))
}

async function jobs(name: string): Promise<unknown[]> {
  await using queue = Object.assign(new Queue(name, { connection: redis.client, prefix: queuePrefix(name) }), {
    async [Symbol.asyncDispose]() {
      await queue.close()
    },
  })
  return (await queue.getJobs(['prioritized', 'waiting'])).map(({ data }) => data).toReversed()
}
const requests = () => jobs(subscriptionRequestQueue.name)
const questions = (channel: 'sms' | 'viber_service' = 'sms') => jobs(outboundQueues[channel].name)

it.each([
  { name: 'a question', act: asking },
  { name: 'a yes', prepare: asking, act: ({ handle }: Service) => handle(said('confirm')) },
  { name: 'a no', prepare: asking, act: ({ handle }: Service) => handle(said('decline')) },
  { name: 'a no after a yes', prepare: confirmed, act: ({ handle }: Service) => handle(said('decline', 2_000)) },
])('$name: a crash before any command leaves nobody unheard', async ({ prepare, act }) => {
  await crashEverywhere(redis, {
    ...(prepare ? { prepare: doing(prepare) } : {}),
    act: doing(act),
    reconcile: doing(({ workflow }) => workflow.reconcile(), 6),
  })
})

it('is asked for a yes where replies reach us', async () => {
  await asking(service())
  expect(await questions()).toMatchObject([{ purpose: 'notification', text: expect.stringContaining('Reply YES') }])
  expect(await requests()).toEqual([])
})

it.each([
  ['on Viber', 'viber_service', undefined],
  ['from a sender that is a name', 'sms', { sms: 'Shop' }],
] as const)('is asked with links %s', async (_, channel, senders) => {
  await service(senders ? { senders } : {}).handle({ ...ask, contact: { ...ada, channel } })
  expect(await questions(channel)).toMatchObject([{ text: expect.stringContaining('https://example.org/confirm/s1') }])
  expect(await questions(channel)).toMatchObject([{ text: expect.stringContaining('https://example.org/decline/s1') }])
})

it('is not asked for a topic that is gone, by whom has it already, or who declined lately', async () => {
  const { handle } = service()
  await handle({ ...ask, topic: 'GONE' })
  await subscribe(redis.client, ada, 'GOOGL')
  await handle({ ...ask, topic: 'GOOGL' })
  expect(await questions()).toEqual([])
  await handle(ask)
  await handle(said('decline'))
  await handle({ ...ask, id: 's2', at: START + 2_000 })
  expect(await questions()).toHaveLength(1)
})

it('yes subscribes and is kept as consent, with the words; no ends that topic, and nothing else', async () => {
  await confirmed(service())
  const history = (await createConsent(redis.client).get(personId(ada)))?.history
  expect(history).toMatchObject([{ state: 'in', source: 'signup', words: 'YES' }])
  await service().handle(said('decline', 2_000))
  expect(await requests()).toMatchObject([
    { contact: ada, source: 'signup', action: { kind: 'subscribe', topic: 'MSFT' } },
    { contact: ada, source: 'signup', action: { kind: 'unsubscribe', topic: 'MSFT' } },
  ])
})

it('comes to nothing when it is too late or the sign-up is gone', async () => {
  await asking(service())
  await service().handle(said('confirm', 86_400_000))
  await service().handle({ ...said('confirm'), signupId: 'gone' })
  expect(await requests()).toEqual([])
})

it('answers find the newest sign-up, whichever is looked after last; a lost way to it is found again', async () => {
  const { handle, signups, workflow } = service()
  await handle({ ...ask, id: 's2', at: START + 1 })
  await handle(ask)
  expect((await signups.newestOf(ada))?.id).toBe('s2')
  await redis.client.del('sb:signup-of:sms.447700900123')
  await workflow.sweep.run()
  await workflow.reconcile()
  expect((await signups.newestOf(ada))?.id).toBe('s2')
})

it('what was answered long ago is listed again, and subscribes nobody', async () => {
  await confirmed(service())
  // The queue has long forgotten what it was asked.
  const forgotten = await redis.client.keys(`*${subscriptionRequestQueue.name}*`)
  await redis.client.del('sb:signup-of:sms.447700900123', ...forgotten)
  const later = service({ seconds: 30 * 86_400 })
  await later.workflow.sweep.run()
  await later.workflow.reconcile()
  expect((await later.signups.newestOf(ada))?.state).toBe('confirmed')
  expect(await requests()).toEqual([])
})

it.each([
  ['a text of the same second', { via: 'text', sentAt: START - (START % 1_000) }],
  ['a link', { via: 'link' }],
] as const)('STOP right after a yes by %s holds, although its time is in whole seconds', async (_, yes) => {
  const { handle, consent } = service()
  await handle(ask)
  await handle({ ...said('confirm', 700), ...yes })
  const [subscribed] = z.array(subscriptionRequestQueue.schema).parse(await requests())
  const second = START - (START % 1_000)
  const stop = { sentAt: second, receivedAt: START + 900 }
  await consent.record(personId(ada), { ...stop, state: 'out', channel: 'sms', source: 'text', causeId: 'stop' })
  expect(await consent.isOptedOut(personId(ada))).toBe(true)
  if (!subscribed) return expect.unreachable('the yes subscribes')
  const { id: causeId, sentAt, receivedAt } = subscribed
  const served = decideSubscription(undefined, { topic: 'MSFT', causeId, sentAt, receivedAt })
  expect(decideSubscription(served, { topic: null, causeId: 'stop', ...stop })).toMatchObject({ topic: null })
})
