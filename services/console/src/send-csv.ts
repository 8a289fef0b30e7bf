import { Readable } from 'node:stream'

import { redactLinks } from '@switchboard/contracts'
import type { FastifyReply } from 'fastify'

/** Answers with a file, of rows that are read and sent piece by piece. */
export function sendCsv(reply: FastifyReply, name: string, rows: AsyncIterable<string>): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(redacted(rows)))
}

async function* redacted(rows: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const row of rows) yield redactLinks(row)
}
