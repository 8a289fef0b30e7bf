import { afterAll, beforeAll, expect, test } from 'vitest'

import { startRig, type Rig } from '../testing/start.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())

const writes = (text: string) => rig.control('POST', '/phones/viber_service/447700900010/messages', { text })

test('what is written to a Viber account that is one-way reaches nobody', async () => {
  rig.world.account.change({ viberTwoWay: false })
  expect((await writes('lost')).status).toBe(200)
  rig.world.account.change({ viberTwoWay: true })
  const { body } = await writes('found')
  const webhook = await rig.application.next(({ body: { channel } }) => channel === 'viber_service')
  expect(webhook.body).toMatchObject({ message_uuid: body.message_uuid, text: 'found' })
})
