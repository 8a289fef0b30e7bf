import { expect, it } from 'vitest'
import { z } from 'zod'

import { trustProxy } from './environment.ts'
import { createFailureThrottle } from './failure-throttle.ts'
import { createSeldom } from './seldom.ts'

it('says a line that strangers cause once a minute, and how many there were', () => {
  let at = 0
  const said: string[] = []
  const seldom = createSeldom(() => at)
  const write = (fields: object, event: string) => void said.push(`${event} ${JSON.stringify(fields)}`)
  for (let time = 0; time < 100; time += 1) seldom(write, { route: '/a' }, 'webhook.unsigned')
  seldom(write, { route: '/b' }, 'webhook.unsigned')
  at = 60_000
  seldom(write, { route: '/a' }, 'webhook.unsigned')
  expect(said).toEqual([
    'webhook.unsigned {"route":"/a"}',
    'webhook.unsigned {"route":"/b"}',
    'webhook.unsigned {"route":"/a","alsoBefore":99}',
  ])
})

it('is over after so many failures, and begins anew with the next window', () => {
  let at = 0
  const failures = createFailureThrottle({ max: 2, windowMs: 1_000, now: () => at })
  expect(failures.isOver()).toBe(false)
  failures.count()
  failures.count()
  expect(failures.isOver()).toBe(true)
  at = 1_000
  expect(failures.isOver()).toBe(false)
})

it.each([
  ['', false],
  ['false', false],
  ['0', false],
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0.0/8, fd00::/8, loopback', '10.0.0.0/8,fd00::/8,loopback'],
])('TRUST_PROXY=%j trusts %j', (text, trusted) => {
  expect(trustProxy.parse(text)).toBe(trusted)
})

it('TRUST_PROXY=1 trusts the nearest, whoever it is', () => {
  const trusts = trustProxy.parse('1')
  if (typeof trusts !== 'function') throw new Error('not a number of hops')
  expect([trusts('192.0.2.1', 0), trusts('192.0.2.1', 1)]).toEqual([true, false])
})

it.each(['true', '*', '0.0.0.0/0', '::/0', 'everybody', '10.0.0.1, yes', '-1', '99'])(
  'TRUST_PROXY=%j is refused',
  (text) => {
    const { success, error } = trustProxy.safeParse(text)
    expect(success).toBe(false)
    expect(z.prettifyError(error ?? new z.ZodError([]))).toContain('X-Forwarded-For')
  },
)
