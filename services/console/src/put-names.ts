/** Stands in a page where a person's name belongs. Texts of others cannot contain it: they are escaped. */
const PLACE = /<span data-name-of="(?<id>[^"]+)"><\/span>/g

export function placeOfName(personId: string): string {
  return `<span data-name-of="${encodeURIComponent(personId)}"></span>`
}

/** Puts the names of all persons into a page, with one read, and nothing where somebody has none. */
export async function putNames(
  html: string,
  readNames: (personIds: string[]) => Promise<(string | undefined)[]>,
  escape: (text: string) => string,
): Promise<string> {
  const ids = [...new Set(Array.from(html.matchAll(PLACE), (match) => decodeURIComponent(match.groups?.['id'] ?? '')))]
  if (ids.length === 0) return html
  const names = await readNames(ids)
  const named = new Map(ids.map((id, index) => [id, names[index]]))
  return html.replaceAll(PLACE, (_place, id: string) => {
    const name = named.get(decodeURIComponent(id))
    return name === undefined ? '' : `<bdi class="name">${escape(name)}</bdi> `
  })
}
