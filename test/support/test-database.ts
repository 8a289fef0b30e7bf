import { Redis } from 'ioredis'

const CLAIM = 'switchboard-test-claim'
const DATABASES = 16

export interface TestDatabase extends AsyncDisposable {
  /** With the number of the database, for processes under test. */
  url: string
  client: Redis
  /** Empties the database between tests. */
  flush(): Promise<void>
}

/** An empty database of this server, for the caller alone until disposed. Never one that holds somebody's data. */
export async function claimDatabase(serverUrl: string): Promise<TestDatabase> {
  const client = new Redis(serverUrl, { maxRetriesPerRequest: 1 })
  for (let database = DATABASES - 1; database >= 0; database -= 1) {
    await client.select(database)
    if (!(await claim(client))) continue
    const url = new URL(serverUrl)
    url.pathname = `/${database}`
    return {
      url: url.href,
      client,
      async flush() {
        await client.multi().flushdb().set(CLAIM, process.pid).exec()
      },
      async [Symbol.asyncDispose]() {
        await client.flushdb()
        client.disconnect()
      },
    }
  }
  client.disconnect()
  throw new Error(`No empty database among the ${DATABASES} of this Redis: tests do not touch those in use`)
}

async function claim(client: Redis): Promise<boolean> {
  if ((await client.set(CLAIM, process.pid, 'NX')) === null) return false
  if ((await client.dbsize()) === 1) return true
  await client.del(CLAIM)
  return false
}
