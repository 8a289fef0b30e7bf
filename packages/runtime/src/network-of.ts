import { isIPv6 } from 'node:net'

const GROUPS = 8
/** A customer of an IPv6 provider has this many groups to choose from freely. */
const NETWORK_GROUPS = 4

/** Whom an IP address stands for: itself, or for IPv6 its /64, of which one customer has all addresses. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined || !isIPv6(ip)) return mapped ?? ip
  const [head = '', tail] = (ip.split('%')[0] ?? '').toLowerCase().split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = tail === undefined ? [] : Array.from({ length: GROUPS - before.length - after.length }, () => '0')
  return `${[...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')}::/64`
}

function groupsOf(part: string): string[] {
  if (part === '') return []
  // An IPv4 address at the end takes the place of two groups.
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group.replace(/^0+(?=.)/, '')]))
}
