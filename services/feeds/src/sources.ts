import type { Feed } from '@switchboard/contracts'

import { pickField } from './pick-field.ts'
import { nextPrice } from './random-walk.ts'

const TIMEOUT_MS = 5_000
/** In all: one byte at a time is no silence. */
const WHOLE_MS = 10_000
/** What fits into a message with something around it. */
const MAX_VALUE_LENGTH = 1_000
const MAX_ANSWER_BYTES = 1_000_000

/**
 * Asks a topic's source for its value now. `previous` is the topic's last value. Undefined: there is nothing to send.
 * Throws when the source cannot be asked.
 */
export async function readSource(
  feed: Feed,
  previous: string | undefined,
  { wholeMs = WHOLE_MS } = {},
): Promise<string | undefined> {
  switch (feed.source) {
    case 'simulated':
      return nextPrice(lastPrice(previous) ?? feed.start, Math.random()).toFixed(2)
    case 'http': {
      const value = await fetchField(feed, wholeMs)
      return feed.onlyOnChange && value === previous ? undefined : value
    }
    case 'push':
      return undefined
  }
}

/** The topic's last value may be anything: it can have been pushed, or come from the source it had before. */
function lastPrice(previous: string | undefined): number | undefined {
  const price = Number(previous)
  return previous !== undefined && Number.isFinite(price) && price > 0 ? price : undefined
}

async function fetchField(
  { url, field, headers }: Extract<Feed, { source: 'http' }>,
  wholeMs: number,
): Promise<string> {
  // Loaded by the first feed of this kind: a megabyte of source.
  const { request } = await import('undici')
  const { statusCode, body } = await request(url, {
    headers: { accept: 'application/json', ...headers },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    signal: AbortSignal.timeout(wholeMs),
  })
  const text = await readLimited(body)
  if (statusCode !== 200) throw new Error(`The source answered ${statusCode}`)
  const value = pickField(JSON.parse(text), field)
  if (value === undefined) throw new Error(`The source's answer has no value at "${field}"`)
  if (value.length > MAX_VALUE_LENGTH)
    throw new Error(`The source's value is longer than ${MAX_VALUE_LENGTH} characters`)
  return value
}

async function readLimited(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new Error(`The source's answer is larger than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
