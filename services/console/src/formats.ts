import { alertChannel, alertFactsOf, channels, cut } from '@switchboard/contracts'
import type { MessageContent } from '@switchboard/contracts'

/** How a state is coloured. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle'

const tones: Record<string, Tone> = {
  // alerts
  walking: 'busy',
  attended: 'good',
  exhausted: 'bad',
  cancelled: 'idle',
  // messages
  released: 'warn',
  sending: 'busy',
  unknown: 'warn',
  suppressed: 'idle',
  dropped: 'idle',
  refused: 'bad',
  accepted: 'busy',
  submitted: 'busy',
  delivered: 'good',
  read: 'good',
  rejected: 'bad',
  undeliverable: 'bad',
  // notifications
  open: 'busy',
  answered: 'good',
  expired: 'idle',
  superseded: 'idle',
  failed: 'bad',
  // consent
  in: 'good',
  out: 'bad',
  // calls
  started: 'busy',
  ringing: 'busy',
  completed: 'good',
  disconnected: 'idle',
  busy: 'warn',
  timeout: 'warn',
  unanswered: 'warn',
}

/** Why a message was not sent, where the outbound service gives a word for it. */
const reasons: Record<string, string> = {
  'outside-window': 'no message from them in 24 hours, and no template',
  'opted-out': 'opted out',
  'alert-over': 'the alert was over',
  'not-subscribed': 'not subscribed any more',
  'no-sender': 'no sender on this channel',
  'reply-limit': 'too many automatic replies in ten minutes',
  stale: 'out of date',
  expired: 'it could not be sent in time',
  'call-limit': 'its number was called as often as it may be in an hour',
  held: 'its sender was held, Vonage refused the account',
  'over-budget': 'the budget of its sender was used up',
  interrupted: 'the process ended in the middle of the request',
}

function nameChannel(name: string): string {
  const known = alertChannel.safeParse(name)
  return known.success ? alertFactsOf[known.data].label : name
}

/** What goes out instead of a text: `sticker`, `template shop:alert`, `WhatsApp location`. */
function nameContent(content: MessageContent): string {
  if (content.type === 'template') return `template ${content.template.name}`
  if (content.type !== 'custom') return content.type
  const { type } = content.custom
  return typeof type === 'string' ? `WhatsApp ${type}` : 'WhatsApp object'
}

/** `suppressed: outside-window` in words. */
export function explainReason(reason: string): string {
  const word = reason.split(': ').at(-1) ?? reason
  return reasons[word] === undefined ? reason : reason.replace(word, reasons[word])
}

/** What templates use to write values. `now` is that of the request. */
export function createFormats(now: number) {
  return {
    now,
    number: (value: number) => value.toLocaleString('en-GB'),
    compact: (value: number) => new Intl.NumberFormat('en-GB', { notation: 'compact' }).format(value),
    bytes: formatBytes,
    content: nameContent,
    duration: formatDuration,
    iso: (at: number) => new Date(at).toISOString(),
    /** `14:03:12`, with the date when it was not today. UTC: the script of the page writes the reader's own time. */
    clock: (at: number) => formatClock(at, now),
    /** `3 min ago`, `in 20 s`. */
    relative: (at: number) => formatRelative(at, now),
    tone: (state: string): Tone => tones[state] ?? 'idle',
    reason: explainReason,
    cut: (text: string, length: number) => cut(text, length, '…'),
    channels,
    channelName: nameChannel,
    json: (value: unknown) => JSON.stringify(value, null, 2),
    query: (parts: Record<string, string | number | undefined>) => toQuery(parts),
  }
}
export type Formats = ReturnType<typeof createFormats>

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** As the script of the pages writes it, so that nothing moves when it takes over. */
function distanceInWords(ms: number, isAhead: boolean): string {
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (minutes < 1) return `${seconds} s`
  if (minutes < 10 && isAhead && seconds % 60 !== 0) return `${minutes} min ${seconds % 60} s`
  if (minutes < 60) return `${minutes} min`
  if (hours >= 48) return `${Math.floor(hours / 24)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(at - now)
  if (distance < 1_000) return 'now'
  return at > now ? `in ${distanceInWords(distance, true)}` : `${distanceInWords(distance, false)} ago`
}

function formatClock(at: number, now: number): string {
  const iso = new Date(at).toISOString()
  const time = iso.slice(11, 19)
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** power
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

function toQuery(parts: Record<string, string | number | undefined>): string {
  const given = Object.entries(parts).filter(
    (part): part is [string, string | number] => part[1] !== undefined && part[1] !== '',
  )
  const query = new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)]))).toString()
  return query === '' ? '' : `?${query}`
}
