import { expect, it } from 'vitest'

import { healthOf } from './service-health.ts'

const at = (service: string, seenAt: number, version = '0.1.0') => ({
  service,
  version,
  name: `host:${seenAt}`,
  startedAt: 10,
  seenAt,
})

it('counts who is there, and puts first who is not', () => {
  const now = 100_000
  const presence = [at('outbound', now - 1_000), at('outbound', now - 6_000, '0.2.0'), at('failover', now - 50_000)]
  expect(healthOf(['outbound', 'failover', 'feeds'], presence, now)).toEqual([
    { name: 'failover', replicas: 0, versions: [], since: undefined, lastSeenAt: 50_000 },
    { name: 'feeds', replicas: 0, versions: [], since: undefined, lastSeenAt: undefined },
    { name: 'outbound', replicas: 2, versions: ['0.1.0', '0.2.0'], since: 10, lastSeenAt: undefined },
  ])
})
