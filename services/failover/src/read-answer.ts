import { parseKeyword } from '@switchboard/contracts'
import type { Alert, AlertPlan, AnswerWords } from '@switchboard/contracts'

/** What a reply to an alert means. */
export type Answer =
  | { kind: 'mine' | 'pass' | 'who' | 'resolve' }
  /** Asks for help. */
  | { kind: 'explain' }
  /** Nothing that counts where only clear words do. */
  | { kind: 'unclear' }
  /** A machine answered. */
  | { kind: 'automatic' }
  | { kind: 'note'; text?: undefined }
  | { kind: 'hand-over'; to: string }
  | { kind: 'snooze'; minutes: number }

export interface Reply {
  words?: string | undefined
  /** What a button stands for. */
  payload?: string | undefined
}

/** How long an alert is put off when nobody says. */
const SNOOZE_MINUTES = 30
const LONGEST_SNOOZE_MINUTES = 1_440

/**
 * What somebody means who answers an alert. The longest of the words that the text begins with decides, whatever follows
 * ("can't, on a plane"); then its code; then, unless the policy wants clear words, that a person wrote at all.
 */
export function readAnswer(
  { words = '', payload }: Reply,
  { code, acknowledge = 'anything' }: Pick<Alert, 'code'> & Pick<AlertPlan, 'acknowledge'>,
  vocabulary: AnswerWords,
): Answer {
  if (parseKeyword(words) === 'help') return { kind: 'explain' }
  const name = normalise(code)
  // The title of a button may say anything; what it stands for is ours.
  const said = payload !== undefined && isNamed(normalise(payload), name) ? normalise(payload) : normalise(words)
  const rest = said
    .split(' ')
    .filter((word) => word !== name)
    .join(' ')
  const begun = beginning(rest, vocabulary)
  if (begun?.meaning !== 'pass' && contains(rest, vocabulary.automatic)) return { kind: 'automatic' }
  if (begun) return meant(begun)
  return isNamed(said, name) || acknowledge === 'anything' ? { kind: 'mine' } : { kind: 'unclear' }
}

const meanings = ['mine', 'pass', 'who', 'note', 'handOver', 'snooze', 'resolve'] as const
type Meaning = (typeof meanings)[number]
interface Begun {
  meaning: Meaning
  rest: string
}

function beginning(said: string, vocabulary: AnswerWords): Begun | undefined {
  const found = meanings
    .flatMap((meaning) => vocabulary[meaning].map((each) => ({ meaning, phrase: normalise(each) })))
    .filter(({ phrase }) => phrase !== '' && begins(said, phrase))
    .toSorted((a, b) => b.phrase.length - a.phrase.length)[0]
  return found && { meaning: found.meaning, rest: said.slice(found.phrase.length).trim() }
}

function meant({ meaning, rest }: Begun): Answer {
  switch (meaning) {
    case 'mine':
    case 'pass':
    case 'who':
    case 'resolve':
    case 'note':
      return { kind: meaning }
    case 'handOver':
      return { kind: 'hand-over', to: rest.slice(0, 100) }
    case 'snooze': {
      const minutes = readMinutes(rest)
      return minutes === undefined ? { kind: 'unclear' } : { kind: 'snooze', minutes }
    }
  }
}

/** `30`, `for 30 min`, `2h`, or nothing. */
function readMinutes(text: string): number | undefined {
  const [, number, unit = ''] = /(\d{1,5}) ?(h?)/.exec(text) ?? []
  const minutes = number === undefined ? SNOOZE_MINUTES : Number(number) * (unit === 'h' ? 60 : 1)
  return minutes >= 1 && minutes <= LONGEST_SNOOZE_MINUTES ? minutes : undefined
}

/** Which of the people of a plan a text begins with, however it is written; the longest name wins. */
export function nameBeginning(text: string, users: readonly { name: string }[]): number | undefined {
  const said = normalise(text)
  const [found] = users
    .map(({ name }, index) => ({ index, name: normalise(name) }))
    .filter(({ name }) => name !== '' && begins(said, name))
    .toSorted((a, b) => b.name.length - a.name.length)
  return found?.index
}

/** Small letters, words and emoji with one blank between them; the variants of an emoji are one. */
function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’`´]|\u{FE0F}|\p{Emoji_Modifier}/gu, '')
    .replaceAll('?', ' ? ')
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}?]+/gu, ' ')
    .trim()
}

/** Languages without blanks have no end of a word. */
const WITHOUT_BLANKS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Extended_Pictographic}]$/u

function begins(said: string, phrase: string): boolean {
  if (!said.startsWith(phrase)) return false
  return (
    said.length === phrase.length || !/^[\p{L}\p{N}]/u.test(said.slice(phrase.length)) || WITHOUT_BLANKS.test(phrase)
  )
}

function contains(said: string, phrases: readonly string[]): boolean {
  return phrases.some((each) => {
    const phrase = normalise(each)
    return (
      phrase !== '' && (` ${said} `.includes(` ${phrase} `) || (WITHOUT_BLANKS.test(phrase) && said.includes(phrase)))
    )
  })
}

function isNamed(said: string, code: string): boolean {
  return said.split(' ').includes(code)
}
