import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

/** Answers with a file, of rows that are read and sent piece by piece. */
export function sendCsv(reply: FastifyReply, name: string, rows: AsyncIterable<string>): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .send(Readable.from(rows))
}
