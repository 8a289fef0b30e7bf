import { join } from 'node:path'

import { runService } from '@switchboard/runtime'

import { createSimulator } from './app.ts'
import { accountOf, configSchema, credentialsOf, triesOf } from './config.ts'
import { loadCredentials, loadTicketSecret } from './credentials.ts'
import { examplePeople } from './example-people.ts'
import { readFlags } from './flags.ts'
import { loadScenario, readScenario } from './scenarios.ts'
import { keepWorld } from './world-file.ts'

const flags = readFlags(process.argv.slice(2))
if (flags.kind !== 'run') {
  process.stdout.write(flags.kind === 'help' ? flags.text : `${flags.problem}\n`)
  process.exit(flags.kind === 'help' ? 0 : 1)
}

await runService(
  'simulator',
  configSchema,
  { ...process.env, ...flags.environment },
  async ({ config, log, stack }) => {
    const credentials = loadCredentials(config.SIMULATOR_DATA, credentialsOf(config))
    const tries = triesOf(config)
    const { app, world } = await createSimulator({
      credentials,
      account: accountOf(config),
      people: examplePeople,
      speed: config.SIMULATOR_SPEED,
      publicUrl: config.SIMULATOR_PUBLIC_URL,
      tries: tries && { ...tries, ticketSecret: loadTicketSecret(config.SIMULATOR_DATA) },
    })
    stack.defer(() => app.close())
    stack.use(keepWorld(join(config.SIMULATOR_DATA, 'world.json'), world))
    if (config.SIMULATOR_SCENARIO !== undefined) loadScenario(readScenario(config.SIMULATOR_SCENARIO), world)
    const url = await app.listen({ port: config.SIMULATOR_PORT, host: config.SIMULATOR_HOST })
    log.info({ url, callbackUrl: config.SIMULATOR_CALLBACK_URL }, 'simulator.listening')
  },
)
