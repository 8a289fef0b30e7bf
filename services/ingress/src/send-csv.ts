import { Readable } from 'node:stream'

import { csvRow, redactLinks } from '@switchboard/contracts'
import type { CsvCell } from '@switchboard/contracts'
import type { FastifyReply } from 'fastify'

/** Answers with a file, row by row as they are read. */
export function sendCsv(
  reply: FastifyReply,
  name: string,
  header: string[],
  rows: AsyncIterable<CsvCell[]>,
): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(toLines(header, rows)))
}

async function* toLines(header: string[], rows: AsyncIterable<CsvCell[]>): AsyncGenerator<string> {
  yield csvRow(header)
  for await (const row of rows) yield redactLinks(csvRow(row))
}
