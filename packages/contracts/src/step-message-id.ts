import type { Alert } from './alert.ts'
import { derivedId } from './ids.ts'

/** The id of a step's message; a message that is sent again is another message. */
export function stepMessageId({ id }: Pick<Alert, 'id'>, step: Alert['step'], resends: number): string {
  const { round, user, channel, pass } = step
  return derivedId('al', id, round, user, channel, resends, ...(pass === undefined ? [] : [pass]))
}
