import { distance } from 'fastest-levenshtein'

/** Of variables that nobody reads, those that look like one that somebody does: what is wrong, one line each. */
export function findMisspelt(names: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...names]
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = nearest(name, known)
      return meant ? [`${name} in .env: nobody reads it. Did you mean ${meant}?`] : []
    })
}

function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  const spelt = name.toUpperCase()
  const [first] = [...known]
    .map((candidate) => ({ candidate, away: distance(spelt, candidate) }))
    .filter(({ candidate, away }) => away <= (candidate.length > 8 ? 2 : 1))
    .sort((a, b) => a.away - b.away)
  return first?.candidate
}
