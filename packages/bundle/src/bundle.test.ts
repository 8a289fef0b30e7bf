import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

const ownFolder = join(import.meta.dirname, '..')

/** A project of its own, with a service or two and this package. */
function createProject(files: Record<string, string>) {
  // What a process says of its own place is free of links.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'switchboard-bundle-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  cpSync(join(ownFolder, 'src'), join(root, 'packages/bundle/src'), { recursive: true })
  symlinkSync(join(ownFolder, 'node_modules'), join(root, 'packages/bundle/node_modules'))
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), content)
  }
  for (const [file, content] of Object.entries({ 'pnpm-lock.yaml': '', ...files })) write(file, content)
  const asking = `import { builtFile } from './packages/bundle/src/built.mjs'\nconsole.log(builtFile('one'))`
  const build = () =>
    spawnSync(process.execPath, ['--input-type=module', '-e', asking], { cwd: root, encoding: 'utf8' })
  const builtFile = () => build().stdout.trim()
  const run = () => spawnSync(process.execPath, [builtFile()], { encoding: 'utf8' }).stdout
  const monthAgo = new Date(Date.now() - 30 * 86_400_000)
  const age = (pattern: string) => {
    for (const file of globSync(pattern, { cwd: root })) utimesSync(join(root, file), monthAgo, monthAgo)
  }
  return { root, write, build, builtFile, run, age }
}

test('a module finds what lies beside its source', () => {
  const { root, run } = createProject({
    'services/one/src/main.ts': `
      import { readFileSync } from 'node:fs'
      import old from './old.cjs'
      console.log(readFileSync(new URL('beside.txt', import.meta.url), 'utf8'))
      console.log([import.meta.dirname, old].join())`,
    'services/one/src/beside.txt': 'found',
    'services/one/src/old.cjs': `module.exports = [__dirname, __filename].join()`,
  })
  const folder = join(root, 'services/one/src')
  expect(run()).toBe(`found\n${folder},${folder},${folder}/old.cjs\n`)
})

test('what a source says is what runs, also when it has changed; nothing is built when nothing has', () => {
  const { root, write, run } = createProject({
    'services/one/src/main.ts': `import { word } from './word.ts'\nconsole.log(word)`,
    'services/one/src/word.ts': `export const word: string = 'first'`,
  })
  expect(run()).toBe('first\n')
  write('services/one/src/word.ts', `export const word: string = 'second'`)
  expect(run()).toBe('second\n')
  const builtAt = () => statSync(join(root, 'build/made-from.json')).mtimeMs
  const before = builtAt()
  write('services/one/src/beside.ts', 'nobody imports it')
  expect(run()).toBe('second\n')
  expect(builtAt()).toBe(before)
})

test('what is missing is made again; what a package says of itself counts as well', () => {
  const two = '../../../packages/two/index.ts'
  const { root, write, run } = createProject({
    'services/one/src/main.ts': `await import('./later.ts')`,
    'services/one/src/later.ts': `import '${two}'`,
    'packages/two/package.json': '{}',
    'packages/two/index.ts': `console.log('acts')`,
  })
  expect(run()).toBe('acts\n')
  const [chunk = ''] = globSync('build/shared-*.mjs', { cwd: root })
  rmSync(join(root, chunk))
  expect(run()).toBe('acts\n')
  // As the first of them said it.
  write('build/made-from.json', JSON.stringify({ root, files: {} }))
  expect(run()).toBe('acts\n')
  write('packages/two/package.json', '{ "sideEffects": false }')
  expect(run()).toBe('')
})

test.each([
  ['cannot be read', `console.log('never ends`],
  ['imports what is not there', `import { nothing } from 'no-such-library'\nconsole.log(nothing)`],
])('a source that %s is named, and nothing is begun', (_what, source) => {
  const { build } = createProject({ 'services/one/src/main.ts': source })
  const { status, stdout, stderr } = build()
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain('services/one/src/main.ts')
  expect(stderr).toContain('Switchboard cannot be bundled, see above.')
})

test('a folder that cannot be written to is named, with what it has to be', () => {
  const { root, build } = createProject({ 'services/one/src/main.ts': 'console.log(1)', build: 'in the way' })
  const { status, stderr } = build()
  expect(status).toBe(1)
  expect(stderr).toContain(`${root}/build has to be a folder to write to`)
  expect(stderr.split('\n')[0]).toMatch(/^EEXIST: .*build'$/)
})

test('who runs already has what it loads later, whatever is built meanwhile', async () => {
  const { write, builtFile, run, age } = createProject({
    'services/one/src/main.ts': `
      process.stdin.once('data', async () => {
        console.log((await import('./later.ts')).word)
        process.exit()
      })
      console.log('waits')`,
    'services/one/src/later.ts': `export const word = 'first'`,
  })
  const early = spawn(process.execPath, [builtFile()], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(early.stdout, 'data')
  // It has run for longer than what is replaced is kept.
  age('build/*')
  write('services/one/src/later.ts', `export const word = 'second'\nexport const more = 1`)
  expect(run()).toBe('waits\n')
  early.stdin.write('go on\n')
  const [said] = await once(early.stdout, 'data')
  expect(String(said)).toBe('first\n')
})

test('what was replaced long ago is removed, with what Node had compiled of it', () => {
  const { root, write, run, age } = createProject({
    'services/one/src/main.ts': `await import('./later.ts')`,
    'services/one/src/later.ts': `console.log('first')`,
    'node_modules/.cache/compile/v24/old': '',
  })
  const chunks = () => globSync('build/shared-*.mjs', { cwd: root })
  run()
  const [first = ''] = chunks()
  write('services/one/src/later.ts', `console.log('second')`)
  run()
  expect(chunks()).toContain(first)
  age(first)
  age('node_modules/.cache/compile/v24/*')
  write('node_modules/.cache/compile/v24/new', '')
  write('services/one/src/later.ts', `console.log('third')`)
  expect(run()).toBe('third\n')
  expect(chunks()).toHaveLength(2)
  expect(chunks()).not.toContain(first)
  expect(existsSync(join(root, 'node_modules/.cache/compile/v24/old'))).toBe(false)
  expect(existsSync(join(root, 'node_modules/.cache/compile/v24/new'))).toBe(true)
})
