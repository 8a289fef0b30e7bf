import type { Said } from './inbound-message.ts'
import { normaliseText, parseKeyword } from './keywords.ts'

/** What each option of a question is called: `{ "1": "tomorrow", "2": "Thursday" }`. */
export type Options = Readonly<Record<string, string>>

/** Said around a choice without changing it. Nothing that negates. */
const FILLERS = new Set(
  "option opt number nr choice please pls plz thanks thank thx you i i'd i'll want would like choose pick take the ok okay".split(
    ' ',
  ),
)
/** Nobody chooses in more characters than this. */
const MAX_LENGTH = 200

/**
 * The option a reply chooses: its key (`1`, `1.`, `option 1`, `１`, `1️⃣`, `1 please`), its own words ("thursday"), or
 * both. Undefined when it names none, several, or asks ("1?"); never for a word that opts out, opts in or asks for help.
 */
export function chooseOption(text: string, options: Options): string | undefined {
  if (text.length > MAX_LENGTH || parseKeyword(text) !== undefined) return undefined
  if (/[?？]/.test(text)) return undefined
  const choices = Object.entries(options).map(([key, label]) => ({
    key,
    keyWords: words(key),
    labelWords: words(label),
  }))
  const named = new Set(choices.flatMap(({ keyWords, labelWords }) => [...keyWords, ...labelWords]))
  const said = words(text)
  return (
    find(
      choices,
      said.filter((word) => named.has(word) || !FILLERS.has(word)),
    ) ?? find(choices.map(withoutFillers), said.filter(isMeant))
  )
}

/** The option that a message chooses: by what its button stands for, else by its words. */
export function optionChosen({ text, caption, payload }: Said, options: Options): string | undefined {
  for (const words of [payload, text, caption]) {
    const option = words ? chooseOption(words, options) : undefined
    if (option !== undefined) return option
  }
  return undefined
}

interface Choice {
  key: string
  keyWords: string[]
  labelWords: string[]
}

function find(choices: Choice[], said: string[]): string | undefined {
  if (said.length === 0) return undefined
  const fitting = choices.filter(({ keyWords, labelWords }) =>
    [keyWords, labelWords, [...keyWords, ...labelWords], [...labelWords, ...keyWords]].some((form) =>
      isSame(form, said),
    ),
  )
  return fitting.length === 1 ? fitting[0]?.key : undefined
}

function withoutFillers({ key, keyWords, labelWords }: Choice): Choice {
  return { key, keyWords, labelWords: labelWords.filter(isMeant) }
}

function isMeant(word: string): boolean {
  return !FILLERS.has(word)
}

function isSame(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index])
}

/** Keycaps (`1️⃣`) and emoji lose what is not a digit; "1番" is 1. */
function words(text: string): string[] {
  return normaliseText(text)
    .replaceAll('’', "'")
    .replaceAll(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}\u{20e3}\u{200d}]/gu, ' ')
    .split(/[^\p{L}\p{N}\p{M}']+/u)
    .map((word) => word.replace(/^(\d+)番$/, '$1'))
    .filter(Boolean)
}

/** The options as a sentence part: `1 (tomorrow), 2 (Thursday) or 3 (post office)`. */
export function listOptions(options: Options): string {
  const named = Object.entries(options).map(([key, label]) => (key === label ? key : `${key} (${label})`))
  const last = named.pop() ?? ''
  return named.length === 0 ? last : `${named.join(', ')} or ${last}`
}
