import { styleText } from 'node:util'

import type { AddCommand } from '../cli.ts'
import type { Finding } from '../doctor/finding.ts'

const help = `
Looks at configuration, Redis and its settings, clocks, Vonage, the way of webhooks (one that is signed as Vonage signs,
sent to PUBLIC_URL), senders and the API. It changes nothing.

Exit status: 0 no failure, 1 at least one.`

export const addDoctor: AddCommand = (program, getCli) =>
  program
    .command('doctor')
    .description('Find out what is wrong, and what to do about it')
    .addHelpText('after', help)
    .action(async () => {
      const cli = getCli()
      const { environment, api, terminal } = cli
      // Loaded only now: it needs half of the project.
      const { examine } = await import('../doctor/examine.ts')
      const findings = await examine(environment, api)
      const width = Math.max(...findings.map(({ about }) => about.length))
      for (const finding of findings) terminal.say(toText(finding, width))
      terminal.say(summary(findings))
      const isWell = findings.every(({ level }) => level !== 'failure')
      terminal.answer({ ok: isWell, findings })
      cli.exitWith(isWell ? 0 : 1)
    })

const marks = {
  ok: styleText('green', '✓'),
  warning: styleText('yellow', '!'),
  failure: styleText('red', '✗'),
} satisfies Record<Finding['level'], string>

function toText({ about, level, says, todo }: Finding, width: number): string {
  const line = `${marks[level]} ${about.padEnd(width)}  ${says}`
  return todo === undefined ? line : `${line}\n  ${' '.repeat(width)}  → ${todo}`
}

function summary(findings: Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  const [failures, warnings] = [count('failure'), count('warning')]
  if (failures + warnings === 0) return 'All is well.'
  const words = [failures > 0 && plural(failures, 'failure'), warnings > 0 && plural(warnings, 'warning')]
  return `${words.filter(Boolean).join(', ')}.`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
