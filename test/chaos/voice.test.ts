import { expect, inject, test } from 'vitest'

import { dial } from '../support/caller.ts'
import type { SimulatedCall } from '../support/caller.ts'
import { startTestStack } from '../support/test-stack.ts'

const isConnected = ({ frames }: SimulatedCall) => (frames?.echoed ?? 0) > 0
const hasLostEcho = ({ legs }: SimulatedCall) => Boolean(legs[0]?.frames?.end)
const isOver = ({ state }: SimulatedCall) => state === 'completed'

test.for([
  ['SIGTERM', 1012],
  ['SIGKILL', 1006],
] as const)(
  '%s of the echo service in mid-call: closed with %i, and the caller hears an apology',
  async ([signal, code]) => {
    await using stack = await startTestStack({ redisServerUrl: inject('redisUrl'), env: { ECHO_DRAIN_SECONDS: '2' } })
    const caller = await dial(stack.addresses.simulator)
    await caller.until(isConnected, 'the call is connected')
    const before = Date.now()
    stack.processes.get('echo')?.kill(signal)
    const { legs } = await caller.until(hasLostEcho, 'the echo has ended')
    const frames = legs[0]?.frames
    expect(frames?.end).toEqual({ by: 'application', code })
    if (signal === 'SIGTERM') {
      // Until then the call went on as if nothing had happened.
      expect(Date.now() - before).toBeGreaterThan(1_500)
      expect(frames!.sent - frames!.echoed).toBeLessThanOrEqual(2)
    }
    const { lines } = await caller.until(isOver, 'the call is over')
    expect(lines.findLast(({ kind }) => kind === 'talk')?.text).toMatch(/^Sorry/)
  },
)
