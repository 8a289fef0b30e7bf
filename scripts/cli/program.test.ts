import { expect, it } from 'vitest'

import type { Problem } from './command-error.ts'
import { runProgram } from './program.ts'

async function run(...words: string[]) {
  const said = { lines: new Array<string>(), answers: new Array<object>(), problems: new Array<Problem>() }
  const terminal = {
    say: (line: string) => void said.lines.push(line),
    hint: (line: string) => void said.lines.push(line),
    showStatus: () => undefined,
    answer: (json: object) => void said.answers.push(json),
    fail: (sentence: string, problem: Problem) => {
      said.lines.push(sentence)
      said.problems.push(problem)
    },
  }
  const environment = { given: {}, running: undefined, dataFolder: '/nowhere' }
  const status = await runProgram(words, { environment, terminal, version: '1.2.3' })
  return { status, ...said }
}

it.each([
  ['wach A7', "Unknown command 'wach'. Did you mean watch?"],
  ['deploy', "Unknown command 'deploy'. See npm run switchboard -- help."],
  ['help deploy', "There is no command 'deploy'. See npm run switchboard -- help."],
  ['tokens', 'npm run switchboard -- tokens takes another word. See npm run switchboard -- help tokens.'],
  ['tokens creat x', "Unknown command 'creat'. Did you mean create?"],
  ['tokens create x -s alerts:read -e soon', "--expires takes a number of days, or never. 'soon' is neither."],
  ['watch', "Missing required argument 'alert'. See npm run switchboard -- help watch."],
  [
    'watch A7 A8',
    "Too many arguments for 'watch'. Expected 1 argument but got 2: A7, A8. See npm run switchboard -- help watch.",
  ],
  ['watch A7 --jsno', "Unknown option '--jsno'. Did you mean --json?"],
  [
    'alert --policy oncall',
    "Required option '-t, --text <text>' not specified. See npm run switchboard -- help alert.",
  ],
  ['alert --text', "Option '-t, --text <text>' argument missing. See npm run switchboard -- help alert."],
  ['alert --text x', 'Give either --policy or --config. See npm run switchboard -- help alert.'],
  ['alert --text x --policy a --config b', 'Give either --policy or --config. See npm run switchboard -- help alert.'],
])('%s: %s', async (line, sentence) => {
  const { status, lines, problems } = await run(...line.split(' '))
  expect({ status, lines }).toEqual({ status: 1, lines: [sentence] })
  expect(problems).toEqual([{ title: expect.any(String), detail: sentence }])
})

it.each(['alert', 'watch', 'acknowledge', 'cancel', 'alerts'])('%s has help, in words and as JSON', async (command) => {
  const [asked, option] = await Promise.all([run('help', command), run(command, '--help')])
  expect(asked).toEqual(option)
  expect(asked.status).toBe(0)
  expect(asked.lines.join('\n')).toMatch(new RegExp(`^Usage: npm run switchboard -- ${command}.*[^]+--json`))
  expect(asked.answers).toEqual([{ text: asked.lines.join('\n') }])
})

it('says what there is when nothing is asked, and how it ends', async () => {
  const { status, lines } = await run()
  expect(status).toBe(0)
  for (const word of ['alert ', 'watch ', 'cancel ', 'Exit status']) expect(lines.join('\n')).toContain(word)
  expect(await run('--version')).toMatchObject({ status: 0, lines: ['1.2.3'] })
})
