import { globSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

import { rolldown } from 'rolldown'
import type { OutputAsset, OutputChunk } from 'rolldown'

import { stampOf } from './built.mjs'
import { stayInPlace } from './stay-in-place.ts'

/** What people call: `npm start`, `npm run switchboard`. */
const commands = ['scripts/start.ts', 'scripts/switchboard.ts']
/** Whatever else decides what comes out. */
const alsoMadeFrom = ['pnpm-lock.yaml', 'packages/bundle/src/*.ts']
/** Libraries that do nothing when they are loaded but do not say so. BullMQ comes with all of SQL for another database. */
const withoutSideEffects = /[\\/]bullmq[\\/]dist[\\/]esm[\\/]/
/** A process that runs may still load what an earlier bundle has given it. */
const KEPT_MS = 7 * 86_400_000

/**
 * Puts the modules of every service, and of what people call, into a few files below `build`: `build/<service>.mjs` is
 * where each begins. Finding and reading a thousand modules one by one is more than half of what a start takes.
 * `build/made-from.json` says of which sources, by modification time and size; it is written last.
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
  write(join(root, 'build'), output)
  // Changed meanwhile: the next one to ask builds anew.
  if (madeFrom.some((file) => statSync(join(root, file)).mtimeMs > begunAt)) return
  const files = Object.fromEntries(madeFrom.map((file) => [file, stampOf(join(root, file))]))
  replaceFile(join(root, 'build', 'made-from.json'), JSON.stringify({ root, files }))
}

function entries(root: string): Record<string, string> {
  const files = globSync(['services/*/src/main.ts', ...commands], { cwd: root })
  return Object.fromEntries(files.map((file) => [nameOf(file), join(root, file)]))
}

function nameOf(file: string): string {
  return basename(file) === 'main.ts' ? basename(dirname(dirname(file))) : basename(file, '.ts')
}

/** What nobody changes: a chunk's name changes with its content. Those of earlier bundles are removed a week later. */
function write(folder: string, output: readonly (OutputChunk | OutputAsset)[]): void {
  mkdirSync(folder, { recursive: true })
  // The chunks before who loads them.
  for (const file of output.toSorted((one, other) => Number(isEntry(one)) - Number(isEntry(other)))) {
    replaceFile(join(folder, file.fileName), file.type === 'chunk' ? file.code : file.source)
  }
  const current = new Set(output.map(({ fileName }) => fileName))
  for (const file of globSync('shared-*.mjs', { cwd: folder })) {
    const isOld = statSync(join(folder, file)).mtimeMs < Date.now() - KEPT_MS
    if (isOld && !current.has(file)) rmSync(join(folder, file), { force: true })
  }
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
