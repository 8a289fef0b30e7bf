import { channel, contactId, fillText, own, questionProblem } from '@switchboard/contracts'
import type { Channel, Contact, SwitchboardConfig } from '@switchboard/contracts'
import { readAddress } from '@switchboard/phone-numbers'

import { variablesOf } from '../routes/notification-form.ts'
import type { FileRow } from './read-file.ts'

export interface RowProblem {
  column: string
  problem: string
}

export interface CheckedRow {
  line: number
  /** As they stand in the file. */
  to: string
  name: string
  channel: string
  /** Undefined: something is wrong with the row. */
  message: { contact: Contact; text: string; variables: Record<string, string>; warnings: string[] } | undefined
  problems: RowProblem[]
  /** The line that sends the same to the same person: this one does not. */
  duplicateOf: number | undefined
}

const MAX_TEXT = 4_096
const MAX_VARIABLE = 500

/** What each row of a file would send, and what is wrong with it, column by column. */
export function checkRows(
  rows: readonly FileRow[],
  chosen: { notification: string; channel: string },
  settings: SwitchboardConfig,
): CheckedRow[] {
  const lineOf = new Map<string, number>()
  return rows.map((row) => {
    const checked = checkRow(row, chosen, settings)
    if (!checked.message) return checked
    const key = `${checked.name} ${contactId(checked.message.contact)}`
    const duplicateOf = lineOf.get(key)
    if (duplicateOf === undefined) lineOf.set(key, row.line)
    return { ...checked, duplicateOf }
  })
}

function checkRow(
  { line, cells }: FileRow,
  chosen: { notification: string; channel: string },
  config: SwitchboardConfig,
): CheckedRow {
  const problems: RowProblem[] = []
  const wrong = (column: string, problem: string) => void problems.push({ column, problem })
  const to = cells['to'] ?? ''
  const name = cells['notification'] || chosen.notification
  const written = cells['channel'] || chosen.channel
  const settings = own(config.notifications, name)
  if (!settings) wrong('notification', name === '' ? 'is empty' : `"${name}" is not in the configuration`)
  const on = channel.safeParse(written.toLowerCase())
  const contact = on.success ? contactOf(on.data, to, config, wrong) : undefined
  if (!on.success) wrong('channel', `"${written}" is none of ${channel.options.join(', ')}`)
  const variables: Record<string, string> = {}
  for (const variable of settings ? variablesOf(settings) : []) {
    const value = cells[variable.toLowerCase()] ?? ''
    if (value === '')
      wrong(variable, `is ${variable.toLowerCase() in cells ? 'empty' : 'missing'}: the text asks for it`)
    if (value.length > MAX_VARIABLE) wrong(variable, `has ${value.length} characters; ${MAX_VARIABLE} are possible`)
    variables[variable] = value
  }
  const text = settings ? fillText(settings.text, variables) : ''
  if (text.length > MAX_TEXT) wrong('to', `would get a text of ${text.length} characters; ${MAX_TEXT} are possible`)
  const message = contact && problems.length === 0 ? { ...contact, text, variables } : undefined
  return { line, to, name, channel: on.success ? on.data : written, message, problems, duplicateOf: undefined }
}

function contactOf(
  on: Channel,
  to: string,
  config: SwitchboardConfig,
  wrong: (column: string, problem: string) => void,
): { contact: Contact; warnings: string[] } | undefined {
  const unanswerable = questionProblem(on, config)
  if (unanswerable) wrong('channel', `${on} ${unanswerable}`)
  // A spreadsheet writes numbers with an apostrophe in front to keep them as they are.
  const written = to.replace(/^'/, '')
  const address = written === '' ? undefined : readAddress(on, written, config.defaultCountry)
  if (!address) wrong('to', 'is empty')
  if (address?.kind === 'invalid') wrong('to', `"${to.slice(0, 60)}" ${address.problem}`)
  if (!address || address.kind === 'invalid') return undefined
  return { contact: { channel: on, address: address.address }, warnings: address.warnings }
}
