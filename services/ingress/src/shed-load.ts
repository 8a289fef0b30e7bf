import underPressure from '@fastify/under-pressure'
import { createSeldom } from '@switchboard/runtime'
import type { FastifyInstance } from 'fastify'

import { Problem } from './problem.ts'

/**
 * So late on average, over a second: what is taken now would be answered when nobody waits for it any more. A Redis that
 * is slow makes nobody late by that measure.
 */
const LATE_MS = 1_000

export interface ShedLoadDeps {
  countShed: () => void
}

/** Refuses requests, before anything is done for them, while the process cannot keep up. Health has a server of its own. */
export async function shedLoad(app: FastifyInstance, { countShed }: ShedLoadDeps): Promise<void> {
  const seldom = createSeldom(Date.now)
  await app.register(underPressure, {
    maxEventLoopDelay: LATE_MS,
    async pressureHandler(request) {
      countShed()
      seldom((fields, event) => request.log.error(fields, event), {}, 'requests.shed')
      const problem = new Problem(503, 'Overloaded', 'Nothing was done. Send it again: it will be done once.')
      throw Object.assign(problem, { isRepeatable: true, isLogged: true })
    },
  })
}
