const ESCAPE = String.fromCodePoint(27)
/** What `styleText` writes, or what is no writing and neither ends nor turns a line. */
const UNSEEN = new RegExp(
  String.raw`(${ESCAPE}\[(?:1|2|22|3[1-6]|39|90)m)|(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]`,
  'gu',
)

/** Texts of strangers reach terminals, which take some characters for commands: those are shown, not obeyed. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(UNSEEN, (_character, style?: string) => style ?? '\uFFFD')
}
