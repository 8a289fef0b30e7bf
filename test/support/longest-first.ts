import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/**
 * Small files that take long. On a machine that has never run them vitest begins with the largest, and these would come last, one
 * worker with them and nothing to do for the others.
 */
const LONG =
  /\/test\/(pages\/(console-empty|board|conversations|single-sign-on)|security\/(slow-requests|budget))\.test\.ts$/

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((project) => {
      const own = sorted.filter((file) => file.project === project)
      return [
        ...own.filter(({ moduleId }) => LONG.test(moduleId)),
        ...own.filter(({ moduleId }) => !LONG.test(moduleId)),
      ]
    })
  }
}
