import { repeat, unlessAway } from '@switchboard/runtime'
import type { ServiceContext } from '@switchboard/runtime'
import { createApiTokens } from '@switchboard/store'

import { createApiCallers } from './api-callers.ts'
import type { Config } from './config.ts'
import { readEnvironmentTokens } from './environment-tokens.ts'

type Context = Pick<ServiceContext<Config>, 'config' | 'log' | 'stack'> & {
  redis: Parameters<typeof createApiTokens>[0]
}

const ANNOUNCED_EVERY_MS = 5_000

/** Whoever may use the API: the tokens of the environment, and those that were made. */
export function openTokens({ config, redis, log, stack }: Context) {
  const environmentTokens = readEnvironmentTokens(config.API_TOKENS)
  const apiTokens = createApiTokens(redis)
  const names = environmentTokens.map(({ name }) => name)
  stack.use(
    repeat(
      'tokens',
      ANNOUNCED_EVERY_MS,
      unlessAway(() => apiTokens.announce(names)),
      log,
    ),
  )
  const onFault = (error: unknown) => log.warn({ error }, 'token.use-not-noted')
  const callers = createApiCallers({ environmentTokens, apiTokens, now: Date.now, onFault })
  return { environmentTokens, apiTokens, callers }
}
