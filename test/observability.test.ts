import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'observability')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('Prometheus finds no mistake in the rules, and they fire when they should', (context) => {
  if (spawnSync('promtool', ['--version']).error) {
    return context.skip('there is no promtool here: apt-get install prometheus')
  }
  for (const args of [
    ['check', 'rules', 'rules.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' })
    expect(status, `${stdout}${stderr}`).toBe(0)
  }
})

test('every metric that rules and dashboard name is exported by some service', () => {
  const sources = globSync('{packages,services}/*/src/**/*.ts', { cwd: root }).map(read).join('\n')
  const exported = new Set(
    [...sources.matchAll(/'((?:switchboard|echo|bullmq)_[a-z_]+)'/g)].map(([, name = '']) => name),
  )
  const named = [read('observability/rules.yml'), read('observability/grafana/switchboard.json')]
    .flatMap((text) => [...text.matchAll(/\b((?:switchboard|echo|bullmq)_[a-z_]+)\b(?=[{[ )\\"]|$)/gm)])
    .map(([, name = '']) => name)
  const isExported = (name: string) => exported.has(name) || exported.has(name.replace(/_(?:bucket|sum|count)$/, ''))
  expect(new Set(named).size).toBeGreaterThan(15)
  expect([...new Set(named)].filter((name) => !isExported(name))).toEqual([])
})

test('Prometheus scrapes every service of docker-compose.yml', () => {
  const started = [...read('docker-compose.yml').matchAll(/command: \[node, (?:--[\w=-]+, )*build\/([\w-]+)\.mjs\]/g)]
  const scraped = /names: \[([^\]]+)\]/.exec(read('observability/prometheus.yml'))?.[1]?.split(', ')
  expect(scraped?.toSorted()).toEqual(started.map(([, name = '']) => name).toSorted())
})
