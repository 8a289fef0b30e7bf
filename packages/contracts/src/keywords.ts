import type { Said } from './inbound-message.ts'

const OPT_OUT = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'revoke',
  'optout',
  'opt out',
  'opt-out',
  '停止',
  '配信停止',
  '退订',
  'arret',
  'arrêt',
  'stopp',
  // The button under WhatsApp's marketing templates, which everybody can press.
  'stop promotions',
])
const OPT_IN = new Set(['start', 'unstop'])
const HELP = new Set(['help', 'info'])

export type Keyword = 'opt-out' | 'opt-in' | 'help'

/** NFKC (full-width forms), case-folded, white space and closing punctuation trimmed. */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s"'«“]+|[\s.!。"'»”]+$/g, '')
}

/** Nobody writes a keyword with more around it; bounds the work. */
const MAX_LENGTH = 200

/** The keyword a whole message is, if it is one. */
export function parseKeyword(text: string): Keyword | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const word = normaliseText(text)
  if (OPT_OUT.has(word)) return 'opt-out'
  if (OPT_IN.has(word)) return 'opt-in'
  return HELP.has(word) ? 'help' : undefined
}

/**
 * The keyword of a message, wherever it stands: as its whole text, caption, button title or payload, never as a word within
 * a sentence. Of several, the one that ends messages counts. One function for the door, which writes an opt-out down
 * before it answers, and for the workflow.
 */
export function keywordOf({ text, caption, payload }: Said): Keyword | undefined {
  const said = [text, caption, payload?.replaceAll(/[_-]+/g, ' ')]
  const keywords = said.map((words) => parseKeyword(words ?? ''))
  return keywords.find((keyword) => keyword === 'opt-out') ?? keywords.find((keyword) => keyword !== undefined)
}

/** Names that cannot be topics, because texting them means something else. */
export function isReservedWord(name: string): boolean {
  return parseKeyword(name) !== undefined
}
