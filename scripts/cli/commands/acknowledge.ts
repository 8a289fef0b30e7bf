import { userInfo } from 'node:os'

import type { AlertView } from '../api.ts'
import type { AddCommand } from '../cli.ts'
import { endAlert } from '../end-alert.ts'

export const addAcknowledge: AddCommand = (program, getCli) =>
  program
    .command('acknowledge')
    .alias('ack')
    .description('Say that somebody has seen an alert: ends its walk')
    .argument('<alert>', 'its code or id')
    .option('--by <name>', 'who', userInfo().username)
    .action(async (alert, { by }) => {
      const cli = getCli()
      const ending = {
        // Attention counts also when it comes late.
        applies: (state: AlertView['state']) => state === 'walking' || state === 'exhausted',
        ask: (id: string) => cli.api.acknowledge(id, by),
        isOurs: ({ attendedBy }: AlertView) => attendedBy?.how === 'api' && attendedBy.user === by,
        done: ({ code }: AlertView) => `Acknowledged ${code} as ${by}.`,
      }
      await endAlert(alert, ending, cli)
    })
