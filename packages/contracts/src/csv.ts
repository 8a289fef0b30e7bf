export type CsvCell = string | number | undefined

/** A row of a CSV file (RFC 4180). A cell that a spreadsheet would take for a formula becomes text. */
export function csvRow(cells: CsvCell[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`
}

/** Also after what spreadsheets pass over, and as full-width characters, which some read as the others. */
const FORMULA = /^[\s\0\uFEFF]*[=+\-@＝＋－＠]|^[\t\r]/u

/** Where lists are separated by semicolons, and for who pastes, a cell may begin within one of ours, whether it is quoted or not. */
const FORMULA_INSIDE = /([;|\t\r\n][\s\0\uFEFF"]*)(?=[=@＝＠]|[+\-＋－](?!\)))/gu

function formatCell(value: CsvCell): string {
  const text = String(value ?? '')
  const safe = (FORMULA.test(text) ? "'" : '') + text.replaceAll(FORMULA_INSIDE, "$1'")
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
