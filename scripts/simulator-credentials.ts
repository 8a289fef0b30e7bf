import { loadConfig } from '@switchboard/runtime'

import { configSchema, credentialsOf } from '../services/simulator/src/config.ts'
import { loadCredentials, loadTicketSecret } from '../services/simulator/src/credentials.ts'
import { serviceEnvironment } from './stack-environment.ts'
import type { Environment } from './stack-environment.ts'

/** Makes what the simulator would make at its first start, so that nobody who reads it has to wait for the simulator. */
export function ensureSimulatorCredentials(shared: Environment): void {
  const config = loadConfig(configSchema, serviceEnvironment('simulator', shared, 0))
  loadCredentials(config.SIMULATOR_DATA, credentialsOf(config))
  loadTicketSecret(config.SIMULATOR_DATA)
}
