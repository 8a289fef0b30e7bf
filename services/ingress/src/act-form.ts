import { alertAct, newId } from '@switchboard/contracts'
import type { AlertAct } from '@switchboard/contracts'

export interface ActForm {
  act: AlertAct
  /** The same form sent twice is one act. */
  id: string
}

/** What somebody does on the page of an alert; a sentence when it cannot be done. The form of an older page takes it. */
export function readActForm(
  fields: Record<string, string>,
): { kind: 'read'; form: ActForm } | { kind: 'problem'; detail: string } {
  const { act: kind = 'mine', id: given = '', text = '', to, minutes } = fields
  const id = /^[\w-]{1,40}$/.test(given) ? given : newId('page')
  const parsed = alertAct.safeParse({ kind, text: text.trim(), to, minutes: Number(minutes) })
  if (!parsed.success)
    return {
      kind: 'problem',
      detail: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    }
  if (parsed.data.kind === 'note' && parsed.data.text === '') return { kind: 'problem', detail: 'The note is empty.' }
  return { kind: 'read', form: { act: parsed.data, id } }
}
