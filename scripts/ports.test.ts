import { expect, test } from 'vitest'

import { findFreePort, findFreePorts } from './ports.ts'

test('no port is given twice, however long it takes whoever has it to listen', async () => {
  const ports = await findFreePorts(300)
  for (let more = 0; more < 300; more += 1) ports.push(await findFreePort())
  expect(new Set(ports).size).toBe(600)
})

test('nor is one that somebody will listen on', async () => {
  const taken = Array.from({ length: 11_000 }, (_, index) => 20_000 + index)
  for (const port of await findFreePorts(50, taken)) expect(port).toBeGreaterThanOrEqual(31_000)
})
