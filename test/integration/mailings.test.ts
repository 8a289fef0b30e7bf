import { notificationRequestQueue, switchboardConfig } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createMailings, createNotifications } from '@switchboard/store'
import { expect, it } from 'vitest'

import { askRows, finishMailings, notificationIdOf } from '../../services/console/src/mailings/ask-rows.ts'
import { openTestRedis } from '../support/redis.ts'

const settings = switchboardConfig.parse({
  senders: { sms: '447700900000' },
  notifications: { parcel: { text: 'Hello {name}, reply 1 or 2.', options: { '1': 'fine', '2': 'later' } } },
})
const upload = {
  label: 'Winter',
  csv: 'to,name\n447700900123,Ada\n447700900124,Bob\n447700900125,Eve',
  notification: 'parcel',
  channel: 'sms',
  uploadedAt: 0,
}
const lines = [2, 3, 4]
const mailing = {
  id: 'mailing-a',
  label: 'Winter',
  by: 'Ada',
  sentAt: Date.now(),
  rows: lines.map((line) => ({ line, notificationId: notificationIdOf('mailing-a', line) })),
  duplicates: 0,
}

it('a mailing whose console died in the middle is asked for as a whole, each row once; then there is nothing to do', async () => {
  await using redis = await openTestRedis()
  await using requests = createProducer(notificationRequestQueue, redis.client)
  const mailings = createMailings(redis.client)
  const stores = { mailings, notifications: createNotifications(redis.client) }
  const asked: string[] = []
  const deps = (lives: number) => ({
    stores,
    settings,
    notificationRequests: {
      async enqueue(request: Parameters<typeof requests.enqueue>[0]) {
        if (asked.length >= lives) throw new Error('died')
        asked.push(request.id)
        await requests.enqueue(request)
      },
    },
  })
  await mailings.upload(mailing.id, upload)
  const begun = await mailings.begin(mailing)
  await expect(askRows(begun, upload, deps(1))).rejects.toThrow('died')
  expect(await mailings.broken()).toMatchObject([{ id: mailing.id }])

  await finishMailings(deps(Infinity))
  const isPending = await Promise.all(mailing.rows.map(({ notificationId }) => requests.isPending(notificationId)))
  expect(isPending).toEqual([true, true, true])
  expect(await redis.client.keys('{sb-notification-request}:notification-request:note-*')).toHaveLength(3)
  expect(await mailings.broken()).toEqual([])
  const before = asked.length
  await finishMailings(deps(Infinity))
  expect(asked.length).toBe(before)
})
