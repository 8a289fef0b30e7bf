import type { AddCommand } from './cli.ts'
import { addAccounts } from './commands/accounts.ts'
import { addAcknowledge } from './commands/acknowledge.ts'
import { addHandOver, addNote, addPass, addResolve, addSnooze } from './commands/act.ts'
import { addAlert } from './commands/alert.ts'
import { addAlerts } from './commands/alerts.ts'
import { addAudit } from './commands/audit.ts'
import { addCancel } from './commands/cancel.ts'
import { addDoctor } from './commands/doctor.ts'
import { addTokens } from './commands/tokens.ts'
import { addWatch } from './commands/watch.ts'

/** In the order of the help. */
export const commands: readonly AddCommand[] = [
  addAlert,
  addWatch,
  addAcknowledge,
  addPass,
  addHandOver,
  addSnooze,
  addNote,
  addResolve,
  addCancel,
  addAlerts,
  addTokens,
  addAudit,
  addAccounts,
  addDoctor,
]
