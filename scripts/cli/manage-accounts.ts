import { ConfigError, loadConfig } from '@switchboard/runtime'

import { accountsEnvironment, manageAccounts } from '../../services/console/src/accounts/manage.ts'
import type { Managed, ManageRequest } from '../../services/console/src/accounts/manage.ts'
import { applicationId } from '../data-folder.ts'
import { CommandError } from './command-error.ts'
import type { Environment } from './environment.ts'

/** On the Redis of the stack that runs here, or of REDIS_URL. Throws a CommandError when there is none, or it does not answer. */
export async function manage({ given, running, dataFolder }: Environment, request: ManageRequest): Promise<Managed> {
  if (!running && !given['REDIS_URL'] && !given['REDIS_URL_FILE'])
    throw new CommandError('Switchboard does not run in this folder, and REDIS_URL is not set: where are the accounts?')
  try {
    const environment = { ...given, ...running }
    const ours = {
      VONAGE_APPLICATION_ID: applicationId(environment, dataFolder),
      VONAGE_APPLICATION_ID_FILE: undefined,
    }
    return await manageAccounts(loadConfig(accountsEnvironment, { ...environment, ...ours }), request)
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message)
    throw new CommandError(`Redis does not answer (${error instanceof Error ? error.message : String(error)}).`)
  }
}
