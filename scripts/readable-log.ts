import { styleText } from 'node:util'

import { z } from 'zod'

import { visible } from './visible.ts'

const WARN = 40
const ERROR = 50

const logLine = z.looseObject({ level: z.number(), time: z.string(), service: z.string(), msg: z.string().default('') })
type LogLine = z.infer<typeof logLine>

export interface ReadableLine {
  text: string
  isWarning: boolean
}

/** One JSON log line as `10:12:31 outbound  message.sent messageId=… channel=sms`; any other line stays as it is. */
export function toReadableLine(service: string, line: string): ReadableLine {
  const parsed = parseLine(line)
  if (!parsed) return { text: `${' '.repeat(8)} ${column(service)} ${visible(line)}`, isWarning: true }
  const { level, time, service: _service, msg, pid: _pid, hostname: _hostname, error, ...fields } = parsed
  const details = Object.entries(fields).map(([name, value]) => `${name}=${inline(value)}`)
  const text = [
    styleText('gray', localTime(time)),
    column(service),
    colourOf(level, msg),
    styleText('gray', details.join(' ')),
    error === undefined ? '' : styleText('red', describeError(error)),
  ]
  return { text: visible(text.filter(Boolean).join(' ')), isWarning: level >= WARN }
}

function parseLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return logLine.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function localTime(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : date.toTimeString().slice(0, 8)
}

function column(service: string): string {
  return styleText('cyan', service.padEnd(14))
}

function colourOf(level: number, msg: string): string {
  if (level >= ERROR) return styleText('red', msg)
  return level >= WARN ? styleText('yellow', msg) : msg
}

function inline(value: unknown): string {
  return typeof value === 'string' && !/\p{Cc}/u.test(value) ? value : JSON.stringify(value)
}

const loggedError = z.looseObject({ message: z.string() })

function describeError(error: unknown): string {
  return loggedError.safeParse(error).data?.message ?? inline(error)
}
