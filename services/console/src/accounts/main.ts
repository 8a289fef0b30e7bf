import { loadConfig } from '@switchboard/runtime'
import { z } from 'zod'

import { accountActs, accountsEnvironment, manageAccounts } from './manage.ts'

// `switchboard accounts` where there are no development tools, as in the image:
// docker compose exec console node services/console/src/accounts/main.ts reset ada
const [act, name, role] = process.argv.slice(2).filter((word) => word !== '--role')
const asked = z.enum(accountActs).safeParse(act)
if (asked.success) {
  const config = loadConfig(accountsEnvironment, process.env)
  const { isDone, lines } = await manageAccounts(config, { act: asked.data, name, role })
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = isDone ? 0 : 1
} else {
  process.stderr.write(`Say what to do: ${accountActs.join(', ')}\n`)
  process.exitCode = 1
}
