import { expect, test } from 'vitest'

import { startRig } from './testing/start.ts'

const alert = { message_type: 'text', text: 'Main server down' }
const toTony = { ...alert, channel: 'messenger', from: '100000001', to: '9000000001' }
const toStranger = { ...toTony, to: '9000000777' }

test('example people can be reached by Messenger and WhatsApp, also after a reset; strangers must write first', async () => {
  await using rig = await startRig()
  const endsAs = async (message: object) => {
    const { body } = await rig.vonage('POST', '/v1/messages', message)
    const status = await rig.application.next(
      (webhook) => webhook.body.message_uuid === body.message_uuid && webhook.body.status !== 'submitted',
    )
    return [status.body.status, Object(status.body.error).title]
  }
  const toMichael = { ...alert, channel: 'whatsapp', from: '447700900001', to: '447700900012' }
  expect(await endsAs(toTony)).toEqual(['delivered', undefined])
  expect(await endsAs(toMichael)).toEqual(['delivered', undefined])
  expect(await endsAs(toStranger)).toEqual(['rejected', '1340'])
  await rig.control('POST', '/reset', {})
  expect(await endsAs(toTony)).toEqual(['delivered', undefined])
})
