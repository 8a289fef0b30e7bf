import { styleText } from 'node:util'

import type { AlertView } from './api.ts'

type Entry = AlertView['timeline'][number]

const words: Record<string, (entry: Entry) => string> = {
  started: () => 'started',
  contacting: ({ user, channel }) => styleText('bold', `→ ${user} on ${channel}`),
  'sent-again': ({ user, channel }) => `→ ${user} on ${channel}, again`,
  delivered: () => '  delivered',
  deadline: () => styleText('yellow', '  not seen in time'),
  failed: ({ reason }) => styleText('yellow', `  ${reason}`),
  'passed-over': ({ reason }) => styleText('yellow', `  passed over: ${reason}`),
  blocked: ({ reason }) => styleText('yellow', `the list is done, but ${reason}: going on when their sender opens`),
  unknown: () => styleText('yellow', '  nobody knows whether it went out'),
  attended: ({ reason }) => styleText('green', `✓ seen: ${reason}`),
  said: ({ user, by, reason }) => `  ${user ?? by ?? 'somebody'}: “${reason}”`,
  note: ({ by, reason }) => `  note${by ? ` by ${by}` : ''}: ${reason}`,
  'passed-on': ({ reason }) => styleText('yellow', `  passed on by ${reason}`),
  'handed-over': ({ by, reason }) => `  handed over to ${reason}${by ? ` by ${by}` : ''}`,
  snoozed: ({ by, reason }) => styleText('yellow', `  put off for ${reason}${by ? ` by ${by}` : ''}`),
  woken: () => '  asked again',
  resolved: ({ by }) => styleText('green', `✓ over${by ? `, says ${by}` : ''}`),
  exhausted: () => styleText('red', '✗ the list is exhausted'),
  cancelled: ({ reason }) => `cancelled: ${reason}`,
}

/** An entry of the timeline as a line. One of a kind that is newer than this command is shown as it is. */
export function toLine(entry: Entry): string {
  const time = new Date(entry.at).toLocaleTimeString('en-GB')
  const says = words[entry.event]?.(entry) ?? [entry.event, entry.reason].filter(Boolean).join(' ')
  // Who writes two lines shall not write one of ours.
  return `${styleText('dim', time)}  ${says.replaceAll(/\s*[\r\n\u2028\u2029]\s*/g, ' ')}`
}

/** How an alert ended: "Tony has seen it (whatsapp, read)." */
export function verdict({ state, attendedBy }: Pick<AlertView, 'state' | 'attendedBy'>): string {
  switch (state) {
    case 'walking':
      return 'It is under way.'
    case 'exhausted':
      return 'Nobody has seen it.'
    case 'cancelled':
      return 'The alert was cancelled.'
    case 'attended':
      return `${attendedBy?.user ?? 'Somebody'} has seen it${how(attendedBy)}.`
  }
}

/** Of an alert that had ended by itself before it could be ended: "Already seen by Tony (whatsapp, read) at 03:12:05." */
export function alreadyEnded({ code, state, attendedBy, timeline }: AlertView): string {
  const at = attendedBy?.at ?? timeline.at(-1)?.at
  const when = at === undefined ? '' : ` at ${new Date(at).toLocaleTimeString('en-GB')}`
  if (state === 'attended') return `Already seen by ${attendedBy?.user ?? 'somebody'}${how(attendedBy)}${when}.`
  return state === 'exhausted'
    ? `${code} was over already: nobody has seen it, the list was exhausted${when}.`
    : `${code} was cancelled already${when}.`
}

function how(attendedBy: AlertView['attendedBy']): string {
  const parts = [attendedBy?.channel, attendedBy?.how].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

/** What is being waited for, for a line that is written over. */
export function toStatus({ user, channel, dueAt }: NonNullable<AlertView['current']>, now: number): string {
  const seconds = Math.max(0, Math.round((Date.parse(dueAt) - now) / 1_000))
  return styleText('dim', `          waiting for ${user} on ${channel}, ${seconds} s left`)
}

/** What stands above the list of those that are open. */
export function countAlerts(open: number, unanswered: number): string {
  const walking = open === 0 ? 'No alert is open' : `${open} open`
  return `${walking}${unanswered === 0 ? '' : `, ${unanswered} that nobody answered`}${open === 0 ? '.' : ':'}`
}
