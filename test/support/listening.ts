import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTENING = '0A'

/** Where these processes listen, as the kernel says it: `127.0.0.1:9000`. Linux only. */
export function listeningAddresses(pids: readonly number[]): string[] {
  const sockets = new Set(pids.flatMap(socketsOf))
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
        return state === LISTENING && sockets.has(inode) ? [readableAddress(local)] : []
      }),
  )
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${descriptor}`))?.[1] ?? []
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}

/** `0100007F:2328` is 127.0.0.1:9000; an address of IPv6 stays as it is. */
function readableAddress(hex: string): string {
  const [address = '', port = ''] = hex.split(':')
  const bytes = address.length === 8 ? Buffer.from(address, 'hex').toReversed().join('.') : address
  return `${bytes}:${Number.parseInt(port, 16)}`
}
