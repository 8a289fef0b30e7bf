import { userInfo } from 'node:os'

import type { AddCommand, Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'

/** What the API says came of it, in a sentence. */
const sentences: Record<string, string> = {
  taken: 'They have it already.',
  'has-it': 'Not done: somebody else has it.',
  over: 'Not done: it is over.',
  passed: 'Passed on: the next person is asked now.',
  'nobody-left': 'Nobody is left to pass it on to.',
  noted: 'Noted.',
  'handed-over': 'Handed over: they are asked now.',
  'unknown-name': 'Not done: nobody on its list has this name.',
  snoozed: 'Put off.',
  resolved: 'It is over.',
  who: 'Nothing to pass on: nobody is asked now.',
}
const notDone = new Set(['has-it', 'over', 'unknown-name', 'nobody-left', 'who'])

/** Does it, and says what came of it, which need not be what was asked for. */
async function act(cli: Cli, alert: string, name: string, body: object): Promise<void> {
  const { id, outcome } = await cli.api.act(alert, name, body)
  const sentence = outcome === null ? 'Asked for; not done yet. Does failover run?' : (sentences[outcome] ?? outcome)
  if (outcome === null || notDone.has(outcome)) throw new CommandError(sentence)
  cli.terminal.say(sentence)
  cli.terminal.answer({ id, outcome })
}

const me = () => userInfo().username

export const addPass: AddCommand = (program, getCli) =>
  program
    .command('pass')
    .description('Have the next person asked now')
    .argument('<alert>', 'its code or id')
    .option('--by <name>', 'who cannot', me())
    .action((alert, { by }) => act(getCli(), alert, 'pass', { by }))

export const addNote: AddCommand = (program, getCli) =>
  program
    .command('note')
    .description('Add a note, which whoever takes the alert is told')
    .argument('<alert>', 'its code or id')
    .argument('<text>')
    .option('--by <name>', 'whose note', me())
    .action((alert, text, { by }) => act(getCli(), alert, 'note', { text, by }))

export const addHandOver: AddCommand = (program, getCli) =>
  program
    .command('hand-over')
    .description('Have another person of its list asked now')
    .argument('<alert>', 'its code or id')
    .argument('<name>', 'whom')
    .option('--by <name>', 'who hands it over', me())
    .action((alert, to, { by }) => act(getCli(), alert, 'hand-over', { to, by }))

export const addSnooze: AddCommand = (program, getCli) =>
  program
    .command('snooze')
    .description('Have nobody asked for some minutes')
    .argument('<alert>', 'its code or id')
    .argument('<minutes>', 'how long', Number)
    .option('--by <name>', 'who puts it off', me())
    .action((alert, minutes, { by }) => act(getCli(), alert, 'snooze', { minutes, by }))

export const addResolve: AddCommand = (program, getCli) =>
  program
    .command('resolve')
    .description('Say that it is over')
    .argument('<alert>', 'its code or id')
    .option('--by <name>', 'who says so', me())
    .action((alert, { by }) => act(getCli(), alert, 'resolve', { by }))
