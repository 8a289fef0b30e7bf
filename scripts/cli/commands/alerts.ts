import { countAlerts } from '../alert-words.ts'
import type { AddCommand } from '../cli.ts'

export const addAlerts: AddCommand = (program, getCli) =>
  program
    .command('alerts')
    .description('List the open alerts')
    .action(async () => {
      const { api, terminal } = getCli()
      const { open, unanswered, alerts } = await api.list()
      terminal.say(countAlerts(open, unanswered))
      for (const { code, id, current, text } of alerts) {
        const where = current ? `${current.user} on ${current.channel}` : ''
        terminal.say(`  ${code.padEnd(5)}  ${id}  ${where}  ${text.replaceAll('\n', ' ')}`)
      }
      if (open > alerts.length) terminal.say(`  … and ${open - alerts.length} more`)
      terminal.answer({ open, unanswered, alerts })
    })
