import type { ServiceName } from '@switchboard/contracts'

import type { TestStack } from './test-stack.ts'

/** The sum of a metric of a service over all its labels. */
export async function readMetric(
  { healthPorts }: Pick<TestStack, 'healthPorts'>,
  service: ServiceName,
  name: string,
): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${healthPorts.get(service)}/metrics`)
  const lines = (await answer.text()).split('\n').filter((line) => line.startsWith(`${name}{`))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
