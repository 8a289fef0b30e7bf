import type { AddCommand } from '../cli.ts'
import { endAlert } from '../end-alert.ts'

export const addCancel: AddCommand = (program, getCli) =>
  program
    .command('cancel')
    .description('End the walk of an alert')
    .argument('<alert>', 'its code or id')
    .action(async (alert) => {
      const cli = getCli()
      const ending = {
        applies: (state: string) => state === 'walking',
        ask: (id: string) => cli.api.cancel(id),
        isOurs: ({ state }: { state: string }) => state === 'cancelled',
        done: ({ code }: { code: string }) => `Cancelled ${code}.`,
      }
      await endAlert(alert, ending, cli)
    })
