import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

/** Who may import which of our packages. Services never import each other. */
const mayImport: Record<string, readonly string[]> = {
  'packages/bundle': [],
  'packages/contracts': [],
  'packages/phone-numbers': ['contracts'],
  'packages/tokens': [],
  'packages/runtime': ['contracts'],
  'packages/queue': ['contracts'],
  'packages/store': ['contracts'],
  'packages/vonage': ['contracts'],
  'packages/workflow': [],

  'services/ingress': ['contracts', 'phone-numbers', 'queue', 'runtime', 'store', 'tokens', 'vonage'],
  'services/inbound-router': ['contracts', 'queue', 'runtime', 'store', 'vonage'],
  'services/subscriptions': ['contracts', 'queue', 'runtime', 'store', 'tokens', 'workflow'],
  'services/feeds': ['contracts', 'phone-numbers', 'queue', 'runtime', 'store', 'workflow'],
  'services/notifications': ['contracts', 'phone-numbers', 'queue', 'runtime', 'store', 'workflow'],
  'services/failover': ['contracts', 'queue', 'runtime', 'store', 'tokens', 'vonage', 'workflow'],
  'services/outbound': ['contracts', 'queue', 'runtime', 'store', 'vonage'],
  'services/console': ['contracts', 'phone-numbers', 'queue', 'runtime', 'store', 'tokens'],
  'services/echo': ['contracts', 'runtime', 'tokens'],
  // The other side of the wire: a second reading of the protocol, which shares no code with packages/vonage.
  'services/simulator': ['runtime', 'tokens'],
}

/** Libraries that only these may use; tests may use all of them. */
const onlyIn: Record<string, readonly string[]> = {
  rolldown: ['packages/bundle'],
  bullmq: ['packages/queue', 'services/console'],
  ioredis: ['packages/queue', 'packages/store', 'packages/runtime'],
  undici: ['packages/vonage', 'services/simulator', 'services/feeds'],
}

const root = resolve(import.meta.dirname, '..')
const folders = globSync('{packages,services}/*/package.json', { cwd: root }).map(dirname).sort()
const sources = folders.flatMap((folder) =>
  globSync('src/**/*.ts', { cwd: join(root, folder) }).map((file) => ({ folder, file: join(folder, file) })),
)
const shipped = sources.filter(({ file }) => !/\.test(suite)?\.ts$/.test(file))

test('every folder has a row in the table, and every row a folder', () => {
  expect(Object.keys(mayImport).sort()).toEqual(folders)
})

describe.each(folders)('%s', (folder) => {
  const allowed = (mayImport[folder] ?? []).map((name) => `@switchboard/${name}`)

  test('is named as its folder', () => {
    expect(readManifest(folder).name).toBe(`@switchboard/${basename(folder)}`)
  })

  test('imports and depends on our packages as the table says', () => {
    const imports = importsOf(folder).filter(({ name }) => name.startsWith('@switchboard/'))
    expect(imports.filter(({ name }) => !allowed.includes(name))).toEqual([])
    const dependencies = Object.keys(readManifest(folder).dependencies).filter((name) =>
      name.startsWith('@switchboard/'),
    )
    expect(dependencies.filter((name) => !allowed.includes(name))).toEqual([])
  })

  test('leaves to others the libraries that are theirs', () => {
    const reserved = Object.keys(onlyIn).filter((library) => !onlyIn[library]?.includes(folder))
    expect(importsOf(folder).filter(({ name }) => reserved.includes(name))).toEqual([])
    expect(reserved.filter((library) => library in readManifest(folder).dependencies)).toEqual([])
  })

  test('reaches into no other folder by a relative path', () => {
    const leaving = importsOf(folder).filter(
      ({ file, name }) => name.startsWith('.') && relative(folder, join(dirname(file), name)).startsWith('..'),
    )
    expect(leaving).toEqual([])
  })
})

test('what does something when it is imported is named in its package.json: the bundle leaves out what nobody uses', () => {
  for (const folder of folders.filter((name) => name.startsWith('packages/') && name !== 'packages/bundle')) {
    const acting = shipped.filter((source) => source.folder === folder && actsWhenImported(read(source.file)))
    const named = readManifest(folder).sideEffects
    expect(
      acting.map(({ file }) => `./${relative(folder, file)}`),
      folder,
    ).toEqual(named === false ? [] : named)
  }
  expect(actsWhenImported("import './issue-words.ts'\n")).toBe(true)
  expect(actsWhenImported('z.config({})\n')).toBe(true)
  expect(actsWhenImported('const lua = `\nredis.call(1)\n`\nexport function one() {\n  two()\n}\n')).toBe(false)
})

test('only main.ts reads the environment', () => {
  const readers = shipped.filter(({ file }) => /\bprocess\s*(\.\s*env|\[\s*['"]env)\b/.test(read(file)))
  expect(readers.map(({ file }) => file).filter((file) => basename(file) !== 'main.ts')).toEqual([])
})

test('no folder is a drawer for what had no place', () => {
  const names = new Set(['utils', 'util', 'common', 'shared', 'helpers', 'misc'])
  const drawers = sources.filter(({ file }) =>
    dirname(file)
      .split(/[/\\]/)
      .some((name) => names.has(name)),
  )
  expect(drawers).toEqual([])
})

test('docker compose runs exactly the services there are', () => {
  const started = ['docker-compose.yml', 'docker-compose.override.yml'].flatMap((file) =>
    [...read(file).matchAll(/command: \[node, (?:--[\w=-]+, )*build\/([\w-]+)\.mjs\]/g)].map(([, service]) => service),
  )
  const services = folders.filter((folder) => existsSync(join(root, folder, 'src', 'main.ts')))
  expect(new Set(started)).toEqual(new Set(services.map((folder) => basename(folder))))
})

test('nothing that a function needs is declared below a top-level await: it would not exist yet', () => {
  const entries = globSync(['scripts/**/*.{ts,mjs}', '{packages,services}/*/src/**/*.ts'], { cwd: root })
  expect(entries.length).toBeGreaterThan(100)
  expect(entries.flatMap((file) => declaredTooLate(read(file)).map((name) => `${file}: ${name}`))).toEqual([])
  expect(declaredTooLate('await run()\nconst limit = 1\nfunction run() {\n  return limit\n}\n')).toEqual(['limit'])
})

function importsOf(folder: string): { file: string; name: string }[] {
  return sources
    .filter((source) => source.folder === folder)
    .flatMap(({ file }) => importedNames(read(file)).map((name) => ({ file, name })))
}

/** Static, side-effect and dynamic imports, and re-exports. */
function importedNames(source: string): string[] {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name)
}

/** Whether a statement stands at the top level, or something is imported for what it does. */
function actsWhenImported(source: string): boolean {
  const code = source.replaceAll(/`(?:\\.|[^`\\])*`/g, '``')
  return /^(?:import ['"]|(?:(?:await|void|for|if|while|try|switch|new)\b|[\w$.]+(?:\(| [+|&?-]*= )))/m.test(code)
}

/** Top-level constants and classes after the first top-level await that a function declared at the top level uses. */
function declaredTooLate(source: string): string[] {
  const awaited = /^(?!async |export async |.*=>|[\s/*]).*\bawait\b/m.exec(source)
  if (!awaited) return []
  const functions = source.match(/^(?:export )?(?:async )?function [\s\S]*?^\}/gm)?.join('\n') ?? ''
  const late = source.slice(awaited.index).matchAll(/^(?:const|let|class) (\w+)/gm)
  return [...late].map(([, name = '']) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(functions))
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

const manifest = z.looseObject({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  sideEffects: z.union([z.literal(false), z.array(z.string())]).optional(),
})

function readManifest(folder: string) {
  return manifest.parse(JSON.parse(read(join(folder, 'package.json'))))
}
