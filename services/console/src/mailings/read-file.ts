import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'

/** Rows of one file: more belong into several, which people can still look through. */
export const MAX_ROWS = 1_000
/** Characters of one file. */
export const MAX_CHARACTERS = 300_000
const MAX_COLUMNS = 50

export interface FileRow {
  /** Where it begins in the file; the header is line 1. */
  line: number
  /** By column, whose names are in lower case. */
  cells: Record<string, string>
}

export type FileReading = { kind: 'rows'; columns: string[]; rows: FileRow[] } | { kind: 'invalid'; problem: string }

const records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/** Reads a CSV file as spreadsheets write it: separated by comma, semicolon or tab, with a header. Never throws. */
export function readFile(csv: string): FileReading {
  if (csv.length > MAX_CHARACTERS) {
    return invalid(`The file has ${csv.length} characters; ${MAX_CHARACTERS} are possible. Send it in parts.`)
  }
  try {
    return readRecords(
      records.parse(
        parse(csv, {
          bom: true,
          delimiter: separatorOf(csv),
          info: true,
          relax_column_count: true,
          skip_records_with_empty_values: true,
          trim: true,
        }),
      ),
    )
  } catch (error) {
    if (error instanceof CsvError) return invalid(`The file is not CSV: ${error.message}.`)
    throw error
  }
}

function readRecords([header, ...rest]: z.infer<typeof records>): FileReading {
  if (!header) return invalid('The file is empty.')
  const columns = header.record.map((name) => name.toLowerCase())
  if (columns.length > MAX_COLUMNS)
    return invalid(`The file has ${columns.length} columns; ${MAX_COLUMNS} are possible.`)
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index)
  if (twice !== undefined) return invalid(`The column "${twice}" is there twice.`)
  if (!columns.includes('to')) return invalid('The first row has no column "to": it names the columns.')
  if (rest.length === 0) return invalid('The file has a header and no rows.')
  if (rest.length > MAX_ROWS)
    return invalid(`The file has ${rest.length} rows; ${MAX_ROWS} are possible. Send it in parts.`)
  const rows = rest.map(({ record, info }) => ({
    line: info.lines,
    cells: Object.fromEntries(columns.flatMap((name, index) => (name === '' ? [] : [[name, record[index] ?? '']]))),
  }))
  return { kind: 'rows', columns: columns.filter(Boolean), rows }
}

/** Of the header, whichever is there most. */
function separatorOf(csv: string): string {
  const header = csv.split('\n', 1)[0] ?? ''
  const count = (separator: string) => header.split(separator).length
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best))
}

function invalid(problem: string): FileReading {
  return { kind: 'invalid', problem }
}
