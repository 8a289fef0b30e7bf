import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/*
 * What docker compose asks every few seconds: is the service in this container alive? Docker restarts what has ended,
 * not what is unhealthy, so this ends a service that nothing but a restart can help: one that says so (503), and one
 * that has not answered three times in a row, because something keeps its event loop busy for good.
 */
const TIMEOUT_MS = 4_000
const UNANSWERED_LIMIT = 3
/** In the container's own memory: a restart begins with none. */
const COUNT_FILE = '/tmp/unanswered-health-checks'

const health = await ask()
process.exitCode = health === 'alive' ? 0 : 1
if (health === 'stuck') kill(servicePids(), 'SIGTERM')
if (health === 'silent' && countUnanswered() >= UNANSWERED_LIMIT) kill(servicePids(), 'SIGKILL')
if (health !== 'silent') rmSync(COUNT_FILE, { force: true })

async function ask(): Promise<'alive' | 'stuck' | 'silent' | 'closed'> {
  const url = `http://127.0.0.1:${process.env['HEALTH_PORT'] || '8080'}/livez`
  try {
    const { ok } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return ok ? 'alive' : 'stuck'
  } catch (error) {
    // Nobody listens: it is starting or stopping.
    return error instanceof Error && error.name === 'TimeoutError' ? 'silent' : 'closed'
  }
}

function countUnanswered(): number {
  const count = readCount() + 1
  writeFileSync(COUNT_FILE, String(count))
  return count
}

function readCount(): number {
  try {
    return Number(readFileSync(COUNT_FILE, 'utf8'))
  } catch {
    return 0
  }
}

/** The children of the container's init: a kernel lets nobody inside a container kill its first process. */
function servicePids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === '1')
    .map(Number)
}

function parentOf(pid: string): string | undefined {
  try {
    // After the name in brackets, which may hold blanks: the state and the parent.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]
  } catch {
    return undefined
  }
}

function kill(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, signal)
}
