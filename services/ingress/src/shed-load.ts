import underPressure from '@fastify/under-pressure'
import { createSeldom } from '@switchboard/runtime'
import type { FastifyInstance } from 'fastify'

import { Problem } from './problem.ts'

const SAMPLE_MS = 1_000
/**
 * So late on average, over a sample: what is taken now would be answered when nobody waits for it any more. A Redis that
 * is slow makes nobody late by that measure.
 */
const LATE_MS = 1_000
/** One late sample is a pause: of a process that has just started, of a machine that stood still. What comes after it is done. */
const LATE_SAMPLES = 2

export interface ShedLoadDeps {
  countShed: () => void
}

/** Refuses requests, before anything is done for them, while the process cannot keep up. Health has a server of its own. */
export async function shedLoad(app: FastifyInstance, { countShed }: ShedLoadDeps): Promise<void> {
  const seldom = createSeldom(Date.now)
  let lateSamples = 0
  await app.register(underPressure, {
    maxEventLoopDelay: LATE_MS,
    sampleInterval: SAMPLE_MS,
    async pressureHandler(request) {
      if (lateSamples < LATE_SAMPLES) return
      countShed()
      seldom((fields, event) => request.log.error(fields, event), {}, 'requests.shed')
      const problem = new Problem(503, 'Overloaded', 'Nothing was done. Send it again: it will be done once.')
      throw Object.assign(problem, { isRepeatable: true, isLogged: true })
    },
  })
  // Armed after the plugin's own timer, so it looks at each sample once that is taken.
  const looking = setInterval(() => {
    lateSamples = app.isUnderPressure() ? lateSamples + 1 : 0
  }, SAMPLE_MS).unref()
  app.addHook('onClose', async () => clearInterval(looking))
}
