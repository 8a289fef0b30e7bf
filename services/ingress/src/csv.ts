import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

type Cell = string | number | undefined

/** A row of a CSV file (RFC 4180). A cell that a spreadsheet would take for a formula becomes text. */
export function csvRow(cells: Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: Cell): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Answers with a file, row by row as they are read. */
export function sendCsv(
  reply: FastifyReply,
  name: string,
  header: string[],
  rows: AsyncIterable<Cell[]>,
): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(toLines(header, rows)))
}

async function* toLines(header: string[], rows: AsyncIterable<Cell[]>): AsyncGenerator<string> {
  yield csvRow(header)
  for await (const row of rows) yield csvRow(row)
}
