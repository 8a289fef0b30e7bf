import { globSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

import { rolldown } from 'rolldown'
import type { OutputAsset, OutputChunk } from 'rolldown'

import { readMadeFrom, stampOf } from './built.mjs'
import { stayInPlace } from './stay-in-place.ts'

/** What people call: `npm start`, `npm run switchboard`. */
const commands = ['scripts/start.ts', 'scripts/switchboard.ts']
/** Whatever else decides what comes out. */
const alsoMadeFrom = ['pnpm-lock.yaml', 'packages/*/package.json', 'packages/bundle/src/*.ts']
/** Libraries that do nothing when they are loaded but do not say so. BullMQ comes with all of SQL for another database. */
const withoutSideEffects = /[\\/]bullmq[\\/]dist[\\/]esm[\\/]/
/** A process that runs may still load what an earlier bundle has given it: for so long after there was another one. */
const KEPT_MS = 7 * 86_400_000
/** Where `scripts/bootstrap.mjs` lets Node keep what it has compiled. */
const compiled = 'node_modules/.cache/compile/*/*'

/**
 * Puts the modules of every service, and of what people call, into a few files below `build`: `build/<service>.mjs` is
 * where each begins. Finding and reading a thousand modules one by one is more than half of what a start takes.
 * `build/made-from.json` says of which sources, by modification time and size, and what was made; it is written last.
 */
export async function bundle(root: string): Promise<void> {
  const begunAt = Date.now()
  const build = await rolldown({
    input: entries(root),
    cwd: root,
    platform: 'node',
    // Of ES modules what nobody uses can be left out, of CommonJS nothing.
    // And msgpackr packs without the binary that it looks for in order to unpack.
    resolve: { mainFields: ['module', 'main'], alias: { msgpackr: 'msgpackr/pack' } },
    treeshake: { moduleSideEffects: [{ test: withoutSideEffects, sideEffects: false }] },
    plugins: [stayInPlace],
    // Such as an import that nothing is found for: it would be looked for again when a service starts.
    onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
  })
  const { output } = await build.generate({
    dir: join(root, 'build'),
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'shared-[hash].mjs',
    // One character of another alphabet, and V8 keeps the whole file at two bytes each.
    charset: 'ascii',
    comments: false,
  })
  await build.close()
  const sources = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  const own = sources.filter((id) => id.startsWith(root) && !id.includes('/node_modules/'))
  const madeFrom = [...own.map((id) => relative(root, id)), ...globSync(alsoMadeFrom, { cwd: root })]
  const folder = join(root, 'build')
  write(folder, output)
  const made = output.map(({ fileName }) => fileName)
  removeOld(root, made)
  const isChanged = (file: string) => statSync(join(root, file)).mtimeMs > begunAt
  // Whoever asks next builds anew what has changed meanwhile. What was made may run by then, so it is written down all the same.
  const stamps = madeFrom.map((file) => [file, isChanged(file) ? 'changed meanwhile' : stampOf(join(root, file))])
  const files = Object.fromEntries(stamps)
  replaceFile(join(folder, 'made-from.json'), JSON.stringify({ root, files, made }))
}

function entries(root: string): Record<string, string> {
  const files = globSync(['services/*/src/main.ts', ...commands], { cwd: root })
  return Object.fromEntries(files.map((file) => [nameOf(file), join(root, file)]))
}

function nameOf(file: string): string {
  return basename(file) === 'main.ts' ? basename(dirname(dirname(file))) : basename(file, '.ts')
}

/** What nobody changes: a chunk's name changes with its content. */
function write(folder: string, output: readonly (OutputChunk | OutputAsset)[]): void {
  mkdirSync(folder, { recursive: true })
  // The chunks before who loads them.
  for (const file of output.toSorted((one, other) => Number(isEntry(one)) - Number(isEntry(other)))) {
    replaceFile(join(folder, file.fileName), file.type === 'chunk' ? file.code : file.source)
  }
}

/** Removes the chunks of earlier bundles, each a week after it was replaced: its modification time says when. And what Node made of them. */
function removeOld(root: string, current: readonly string[]): void {
  const now = new Date()
  const replaced = readMadeFrom(join(root, 'build'))?.made ?? []
  for (const file of globSync(['build/shared-*.mjs', compiled], { cwd: root })) {
    const [path, name] = [join(root, file), basename(file)]
    if (current.includes(name)) continue
    if (replaced.includes(name)) utimesSync(path, now, now)
    else if (isOld(path)) rmSync(path, { force: true })
  }
}

function isOld(path: string): boolean {
  const { mtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return mtimeMs < Date.now() - KEPT_MS
}

function isEntry(file: OutputChunk | OutputAsset): boolean {
  return file.type === 'chunk' && file.isEntry
}

/** Whoever reads it meanwhile has the old one or the new one. */
function replaceFile(file: string, content: string | Uint8Array): void {
  const next = `${file}.${process.pid}`
  writeFileSync(next, content)
  renameSync(next, file)
}
