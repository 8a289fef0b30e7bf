import { verifyToken } from '@switchboard/tokens'
import type { FastifyInstance } from 'fastify'

import { Problem } from '../problem.ts'
import type { VoiceSettings } from '../voice-config.ts'

export interface EchoPresenceDeps {
  /** Notes for the console that a process is there. */
  notePresence: (self: string) => Promise<void>
  now: () => number
}

/** Version, host and number there, start: what is written has these words and no others. */
const SELF = /^[\w.+-]{1,40} [\w.:-]{1,120} \d{1,15}$/

/** The echo has no Redis. Each process of it says here that it is there, with the secret that it shares with ingress. */
export function echoPresenceRoutes(
  app: FastifyInstance,
  { voice, notePresence, now }: EchoPresenceDeps & { voice: Pick<VoiceSettings, 'tokenSecret'> },
): void {
  app.post('/echo/presence', { schema: { hide: true }, config: { isRepeatable: true } }, async (request, reply) => {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const check = await verifyToken(voice.tokenSecret, { purpose: 'presence', token, now: now() })
    if (check.kind !== 'valid' || !SELF.test(check.subject)) {
      throw new Problem(401, 'Not the echo', 'A token of the echo is required.')
    }
    await notePresence(`echo ${check.subject}`)
    return reply.code(204).send()
  })
}
