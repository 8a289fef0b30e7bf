import type { Log } from '@switchboard/contracts'
import { repeat, unlessAway } from '@switchboard/runtime'
import type { Logger } from '@switchboard/runtime'
import { expiresSoon, tokenState } from '@switchboard/store'
import type { ApiTokens } from '@switchboard/store'
import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

export interface TokenWatchDeps {
  apiTokens: Pick<ApiTokens, 'list'>
  now: () => number
}

/** A token that expires soon is in the log within so long. */
const LOOK_MS = 10_000

/** Exports when tokens of the API expire, and logs it of those that do soon. */
export function watchTokens(
  registry: Registry,
  { log, ...deps }: TokenWatchDeps & { log: Pick<Logger, 'warn' | 'error'> },
): AsyncDisposable {
  createTokenMetrics(registry, deps)
  return repeat('tokens', LOOK_MS, unlessAway(createTokenLook({ ...deps, log })), log)
}

/** When each token of the API that is valid expires; none of those that never do. */
export function createTokenMetrics(registry: Registry, { apiTokens, now }: TokenWatchDeps): void {
  void new Gauge({
    name: 'switchboard_token_expires_timestamp_seconds',
    help: 'When a token of the API expires, in seconds since 1970',
    labelNames: ['token'],
    registers: [registry],
    async collect() {
      const { tokens } = await apiTokens.list(now())
      this.reset()
      for (const token of tokens) {
        if (token.expiresAt !== undefined && tokenState(token, now()) === 'valid')
          this.set({ token: token.name }, token.expiresAt / 1_000)
      }
    },
  })
}

/** A look at the tokens: logs each that expires soon, once for the fortnight and once for the day before. */
export function createTokenLook({ apiTokens, now, log }: TokenWatchDeps & { log: Log<'warn'> }): () => Promise<void> {
  const said = new Set<string>()
  return async () => {
    const { tokens } = await apiTokens.list(now())
    for (const token of tokens) {
      const { name, expiresAt } = token
      const soon = expiresSoon(token, now())
      const warning = `${name} ${expiresAt} ${soon}`
      if (soon === undefined || expiresAt === undefined || said.has(warning)) continue
      said.add(warning)
      log.warn({ name, expiresAt: new Date(expiresAt).toISOString() }, 'token.expires-soon')
    }
  }
}
