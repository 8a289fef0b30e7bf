const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const GSM_EXTENDED = '|^€{}[]~\\\f'

const basic = new Set(GSM_BASIC)
const extended = new Set(GSM_EXTENDED)

export function isGsm(text: string): boolean {
  return Array.from(text).every((character) => basic.has(character) || extended.has(character))
}

/** What a phone shows when non-GSM text is sent without `type=unicode`. */
export function toGsm(text: string): string {
  return Array.from(text)
    .map((character) => (basic.has(character) || extended.has(character) ? character : '?'))
    .join('')
}

/** Splits a text as the network does: GSM-7 160 or 153 per part, UCS-2 70 or 67; no character is cut in two. */
export function splitSms(text: string, unicode: boolean = !isGsm(text)): string[] {
  const characters = Array.from(text)
  const cost = (character: string) => (unicode ? character.length : extended.has(character) ? 2 : 1)
  const total = characters.reduce((sum, character) => sum + cost(character), 0)
  if (total <= (unicode ? 70 : 160)) return [text]
  const limit = unicode ? 67 : 153
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const character of characters) {
    if (used + cost(character) > limit) {
      parts.push(part)
      part = ''
      used = 0
    }
    part += character
    used += cost(character)
  }
  return [...parts, part]
}

/** The first word, by which the SMS API tells what a text is about. */
export function keywordOf(text: string): string {
  return (text.trim().split(/\s+/)[0] ?? '').toUpperCase()
}
