import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { fastify } from 'fastify'
import { z } from 'zod'

export interface RecordingVonage extends AsyncDisposable {
  readonly url: string
  /** How often each message, by our own id, was accepted. */
  readonly accepted: ReadonlyMap<string, number>
}

const sent = z.object({ client_ref: z.string() })

/** Accepts every message after a while and counts it. No statuses follow. */
export async function startRecordingVonage({ answersAfterMs = 0 } = {}): Promise<RecordingVonage> {
  const accepted = new Map<string, number>()
  const app = fastify({ forceCloseConnections: true })
  app.post('/v1/messages', async (request, reply) => {
    const { client_ref: id } = sent.parse(request.body)
    accepted.set(id, (accepted.get(id) ?? 0) + 1)
    await wait(answersAfterMs)
    return reply.code(202).send({ message_uuid: randomUUID() })
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, accepted, [Symbol.asyncDispose]: () => app.close() }
}
