import { distance } from 'fastest-levenshtein'

import type { Endpoint } from './endpoint.ts'

type Known = Pick<Endpoint, 'method' | 'paths'>

/** APIs of Vonage that an application may well ask for and that are not simulated, by how their paths begin. */
const elsewhere: readonly [RegExp, string][] = [
  [/^\/(v\d\/)?verify\b/, "Vonage's Verify API"],
  [/^\/(v\d\/)?network-auth\b|^\/oauth2\b/, "Vonage's network APIs"],
  [/^\/v?[\d.]*\/?(conversations|users|sessions|members|legs)\b/, "Vonage's Conversation API"],
  [/^\/v\d\/applications\b/, "Vonage's Application API"],
  [/^\/(account|accounts)\b/, "Vonage's Account API"],
  [/^\/(number|ni|v\d\/number-insight)\b/, "Vonage's Number APIs"],
  [/^\/(sc|search|conversions|sms\/xml)\b/, "another format of Vonage's SMS API"],
  [/^\/v\d\/(reports|media|redact|bulk|proactive)\b/, 'another API of Vonage'],
]

/** What a request to an unknown path might have meant, in words that follow "perhaps"; null when it is like nothing. */
export function guessEndpoint(method: string, url: string, endpoints: readonly Known[]): string | null {
  const path = (url.split('?')[0] ?? '').replace(/(.)\/+$/, '$1')
  const all = endpoints.flatMap((endpoint) => endpoint.paths.map((known) => ({ method: endpoint.method, path: known })))
  const same = all.filter((known) => costOf(path, known.path) === 0)
  if (same.length > 0) return same.map(nameOf).join(' or ')
  const api = elsewhere.find(([pattern]) => pattern.test(path))
  if (api) return `${api[1]}, which the simulator does not have`
  const ranked = all
    .map((known) => ({ known, cost: costOf(path, known.path) + (known.method === method ? 0 : 0.5) }))
    .sort((a, b) => a.cost - b.cost)
  const best = ranked[0]
  return best && best.cost <= Math.max(2.5, best.known.path.length * 0.6) ? nameOf(best.known) : null
}

/** Letters that differ, where whatever stands in place of an id is alike. */
function costOf(path: string, known: string): number {
  const [asked, wanted] = [path.split('/'), known.split('/')]
  const alike = asked.map((part, index) =>
    wanted[index]?.startsWith(':') === true && part !== '' ? wanted[index] : part,
  )
  return distance(alike.join('/').toLowerCase(), known)
}

function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`
}
