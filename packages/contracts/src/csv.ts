export type CsvCell = string | number | undefined

/** A row of a CSV file (RFC 4180). A cell that a spreadsheet would take for a formula becomes text. */
export function csvRow(cells: CsvCell[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`
}

function formatCell(value: CsvCell): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
