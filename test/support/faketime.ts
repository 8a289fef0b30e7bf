import { spawnSync } from 'node:child_process'

/** The environment in which a process believes that it is so much later; undefined without libfaketime. */
export function environmentWithClock(offsetSeconds: number): NodeJS.ProcessEnv | undefined {
  const { stdout, status } = spawnSync('faketime', ['-f', '+1s', 'env'], { encoding: 'utf8' })
  const library = status === 0 ? /^LD_PRELOAD=(.+)$/m.exec(stdout)?.[1] : undefined
  if (library === undefined) return undefined
  const offset = `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}s`
  // How long something takes is measured as ever.
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' }
}
