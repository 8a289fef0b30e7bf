import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { queues, switchboardConfig } from '@switchboard/contracts'
import { MIN_SECRET_LENGTH } from '@switchboard/tokens'
import { expect, it } from 'vitest'

import { readBlocks, readPages, root } from './support/documents.ts'

const pages = readPages()
const page = (path: string) => pages.find((each) => each.path === path)?.text ?? ''

it('the README can be read to its end', () => {
  expect(page('README.md').split('\n').length).toBeLessThanOrEqual(120)
})

it('the README leads to every page, and names every service', () => {
  for (const { path } of pages.slice(1)) expect(page('README.md')).toContain(`](${path})`)
  const rows = [...page('README.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, service]) => service)
  const workers = new Set<string>(queues.map(({ workedBy }) => workedBy))
  expect(new Set(rows)).toEqual(new Set([...workers, 'ingress', 'echo', 'console', 'simulator']))
})

it('every queue is named, and who works it', () => {
  const rows = [...page('docs/operating.md').matchAll(/^\| `([a-z-]+)` \| ([a-z-]+) \|/gm)]
  const owners = queues.map(({ name, workedBy }) => `${name} ${workedBy}`)
  expect(rows.map(([, queue, owner]) => `${queue} ${owner}`).toSorted()).toEqual(owners.toSorted())
})

it('every promise has a test with the name that stands beside it', () => {
  const promises = page('docs/promises.md')
  const named = [...promises.matchAll(/\]\(\.\.\/([^)]+)\): “([^”]+)”/g)]
  const missing = named.filter(([, file = '', name = '']) => !readFileSync(join(root, file), 'utf8').includes(name))
  expect(missing.map(([text]) => text)).toEqual([])
  const rows =
    promises
      .split('\n| promise | test |')
      .slice(1)
      .join('')
      .match(/^\| (?!-|promise \|).+$/gm) ?? []
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.filter((row) => !/\]\(\.\.\/[^)]+\): “[^”]+”/.test(row))).toEqual([])
})

it.each(pages)('every link and picture of $path leads somewhere', ({ path, text }) => {
  const targets = [...text.matchAll(/\]\((?!https?:)([^)]+)\)|src="([^"]+)"/g)].map(
    ([, link, src]) => link ?? src ?? '',
  )
  const dead = targets.filter((target) => {
    const [file = '', anchor] = target.split('#')
    const there = file === '' ? path : join(dirname(path), file)
    if (!existsSync(join(root, there))) return true
    return anchor !== undefined && !anchorsOf(readFileSync(join(root, there), 'utf8')).includes(anchor)
  })
  expect(dead).toEqual([])
})

/** As GitHub makes them from headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

const configurations = pages.flatMap((each) =>
  readBlocks(each)
    .filter(({ language }) => language === 'json')
    .map(({ body, line }) => ({ at: `${each.path}:${line}`, body })),
)
const senders = { sms: '447700900000', whatsapp: '447700900001', messenger: '100000001', viber_service: 'Switchboard' }

it.each(configurations)('the configuration at $at is a right one', ({ body }) => {
  const given: unknown = JSON.parse(body)
  expect(switchboardConfig.safeParse({ senders, ...Object(given) })).toMatchObject({ success: true })
})

it.each(pages)('every variable that $path names is in .env.example', (each) => {
  const known = new Set(
    readFileSync(join(root, '.env.example'), 'utf8')
      .match(/^#?[A-Z][A-Z_]+(?==)/gm)
      ?.map(bare),
  )
  const inText = [...each.text.matchAll(/`([A-Z]{2,}_[A-Z_]+)[=`]/g)].map(([, name]) => name)
  const inBlocks = readBlocks(each)
    .filter(({ language }) => language === 'ini')
    .flatMap(({ body }) => body.match(/^[A-Z_]+(?==)/gm))
  const beyond = [...inText, ...inBlocks].map((name) => name?.replace(/_FILE$/, '') ?? '')
  expect(beyond.filter((name) => !known.has(name) && name !== 'SWITCHBOARD_URL')).toEqual([])
})

it('.env.example says how long a secret has to be', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  expect(example).toContain(`at least ${MIN_SECRET_LENGTH} characters, better 32.\n#SESSION_SECRET=`)
})

function bare(name: string): string {
  return name.replace('#', '')
}

it('every test that the threat model names is there', () => {
  const named = page('docs/threat-model.md').match(/(?<=`)(?:packages|services|test)\/[^`]+(?=`)/g) ?? []
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})
