import { fillText, listOptions } from '@switchboard/contracts'
import type { NotificationRecord, ReplyOutcome } from '@switchboard/store'

/** What we answer to a reply; undefined: nothing. */
export function answerText(
  record: NotificationRecord,
  { outcome, option }: { outcome: ReplyOutcome; option?: string | undefined },
): string | undefined {
  const values = {
    ...record.variables,
    options: listOptions(record.options),
    option: option ?? '',
    choice: option === undefined ? '' : (record.options[option] ?? option),
  }
  const wording = wordingOf(record, outcome)
  return wording === undefined ? undefined : fillText(wording, values)
}

function wordingOf({ texts }: NotificationRecord, outcome: ReplyOutcome): string | undefined {
  switch (outcome) {
    case 'choice':
      return texts.acknowledgement
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
