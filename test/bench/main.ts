// pnpm bench: each figure next to the barest version of the same work, in the same run.
import { parseArgs } from 'node:util'

import { benchAlerts } from './alerts.ts'
import { benchEcho } from './echo.ts'
import { benchFanOut } from './fan-out.ts'
import { benchIngress } from './ingress.ts'
import { benchStart } from './start.ts'

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h', default: false }, subscribers: { type: 'string' } },
})
const values = { ...given, subscribers: given.subscribers === undefined ? undefined : Number(given.subscribers) }

const usage = `pnpm bench [name ...]

Measures Switchboard on this machine, each figure as a ratio against the barest version of the same work, both taking
turns in the same run. A ratio tells more than its numbers: the machine is seldom alone.

  ingress   signed webhooks accepted durably per second / a bare Fastify route: one queue.add, nothing verified
  fan-out   feed messages handed to a local stub of Vonage per second / a loop: one BullMQ job per message, nothing checked
            (--subscribers N, 10,000 unless given)
  echo      calls echoed with p99 < 20 ms / the barest echo of the ws library
  start     time until the whole stack is ready, memory of its idle processes / a worker that does nothing
  alerts    lateness of steps and memory of walking alerts / a BullMQ worker that does nothing

Without a name: all of them. They need redis-server or valkey-server on PATH; a quiet machine helps.
`

const benchmarks = {
  ingress: async () => {
    const { ratio, ingressCpu, bareCpu } = await benchIngress(indent)
    return `${format(ratio)} of the rate, ${format(ingressCpu / bareCpu)} times the CPU of a bare route`
  },
  'fan-out': async () => {
    const { ratio, switchboardCpu, naiveCpu } = await benchFanOut(indent, { subscribers: values.subscribers })
    return `${format(ratio)} of the rate, ${format(switchboardCpu / naiveCpu)} times the CPU of a naive loop`
  },
  echo: async () => {
    const { ratio, serviceCpu, bareCpu } = await benchEcho(indent)
    return `${format(ratio)} of the calls, ${format(serviceCpu / bareCpu)} times the CPU of a bare echo`
  },
  start: async () => {
    const { cold, warm, memory, bare } = await benchStart(indent)
    const ratios = Object.values(memory).map(({ resident }) => resident / bare.resident)
    return `ready after ${format(warm.seconds)} s (cold ${format(cold.seconds)} s), memory up to ${format(Math.max(...ratios))} times that of a bare worker`
  },
  alerts: async () => {
    const { lateness, bareLateness, bytesPerAlert } = await benchAlerts(indent)
    return `p99 ${format(lateness.p99 / bareLateness.p99)} times that of a bare worker, ${bytesPerAlert.toFixed(0)} bytes per alert`
  },
}

const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name))
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no benchmark ${unknown.join(', ')}.\n`)
  console.log(usage)
  process.exit(unknown.length > 0 ? 1 : 0)
}

const results: string[] = []
for (const [name, run] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  console.log(name)
  results.push(`${name.padEnd(8)} ${await run()}`)
}
console.log(`\n${results.join('\n')}`)

function indent(line: string): void {
  console.log(`  ${line}`)
}

function format(ratio: number): string {
  return ratio.toFixed(2)
}
