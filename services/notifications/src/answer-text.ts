import { fillText, listOptions } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'

/** Of a question, to tell it from another: more would cost another part of an SMS. */
const BEGINNING = 60

type Reply = Pick<NotificationRecord['replies'][number], 'outcome' | 'option' | 'isOneOfSeveral'>

/** What we answer to a reply; undefined: nothing. */
export function answerText(record: NotificationRecord, reply: Reply): string | undefined {
  const { option } = reply
  const values = {
    ...record.variables,
    options: listOptions(record.options),
    option: option ?? '',
    choice: option === undefined ? '' : (record.options[option] ?? option),
    question: beginningOf(record.text),
  }
  const wording = wordingOf(record, reply)
  return wording === undefined ? undefined : fillText(wording, values)
}

function wordingOf({ texts }: NotificationRecord, { outcome, isOneOfSeveral }: Reply): string | undefined {
  switch (outcome) {
    case 'choice':
      return [texts.acknowledgement, isOneOfSeveral && texts.whichQuestion].filter(Boolean).join(' ')
    case 'invalid':
      return texts.askAgain
    case 'handed-over':
      return texts.handedOver
    case 'too-late':
      return texts.tooLate
    case 'stale':
    case 'noted':
      return undefined
  }
}

/** Whole words; three dots, because the one character that is three makes an SMS of 160 one of 70. */
function beginningOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= BEGINNING) return line
  const [words] = /^.{1,57}(?= )/u.exec(line) ?? /^.{1,57}/u.exec(line) ?? [line]
  return `${words}...`
}
