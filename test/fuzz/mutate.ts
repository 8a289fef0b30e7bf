import { createRandom } from '../support/chance.ts'

const junk = [
  '',
  '0',
  '-1',
  '1e999',
  'null',
  '{}',
  '[]',
  '"',
  '\\',
  '\\u0000',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '👍🏽',
  '٣',
  '%',
  '%00',
  '%FF',
  '&',
  '=',
  '__proto__',
  'constructor',
  '{"a":'.repeat(50),
  '['.repeat(500),
  ' '.repeat(1_000),
  '9'.repeat(400),
  'a'.repeat(5_000),
  '=+-@',
  '../',
  'é'.repeat(300),
]

const kinds = ['insert', 'delete', 'repeat', 'swap', 'value', 'cut'] as const
type Edit = [kind: (typeof kinds)[number], position: number, length: number, piece: string]

/** So many of the examples, each changed in up to four places. */
export function mutated(examples: string[], seed: number, count: number): string[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    let text = examples[random(examples.length)] ?? ''
    for (let edits = random(5); edits > 0; edits -= 1) {
      const piece = junk[random(junk.length)] ?? ''
      text = apply(text, [kinds[random(kinds.length)] ?? 'cut', random(10_000), random(60), piece])
    }
    return text
  })
}

function apply(text: string, [kind, position, length, piece]: Edit): string {
  const at = position % (text.length + 1)
  const before = text.slice(0, at)
  const after = text.slice(at + length)
  switch (kind) {
    case 'insert':
      return before + piece + text.slice(at)
    case 'delete':
      return before + after
    case 'repeat':
      return before + text.slice(at, at + length).repeat(20) + after
    case 'swap':
      return after + before
    case 'cut':
      return before
    case 'value':
      return replaceValue(text, position, piece)
  }
}

/** So that what is inside changes too, not only whether it is JSON. */
function replaceValue(text: string, position: number, piece: string): string {
  const values = [...text.matchAll(/"[^"]*"(?!:)|\d+/g)]
  const value = values[position % Math.max(1, values.length)]
  if (!value) return piece
  return text.slice(0, value.index) + JSON.stringify(piece) + text.slice(value.index + value[0].length)
}
