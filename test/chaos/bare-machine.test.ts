import { expect, test } from 'vitest'

import { leftAfter, startFrontDoor } from '../support/front-door.ts'

test('npm start on a machine without Redis: it comes up, a text gets its prices, Ctrl-C leaves nothing', async ({
  skip,
}) => {
  skip(process.platform !== 'linux', 'looks for processes in /proc')
  await using door = await startFrontDoor({ withRedis: false })
  await door.printed('Ctrl-C stops everything')
  expect(door.output()).toContain('in memory and slow')

  const phone = `http://127.0.0.1:${door.ports.simulator}/control/phones/sms/447700900010/messages`
  const headers = { 'content-type': 'application/json' }
  await fetch(phone, { method: 'POST', headers, body: JSON.stringify({ text: 'msft please' }) })
  // What was written, the confirmation, and the first price.
  await expect.poll(async () => (await (await fetch(phone)).text()).match(/MSFT/g)?.length, { timeout: 30_000 }).toBe(2)

  door.pressCtrlC()
  await door.ended
  expect(door.output()).toMatch(/Stopping …\s*$/)
  expect(await leftAfter(1_000, door)).toEqual([])
})
