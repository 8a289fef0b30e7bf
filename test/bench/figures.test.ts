import { expect, it } from 'vitest'

import { growthOf, isMet, ratiosOf, summarise } from './figures.ts'
import type { Figure } from './figures.ts'

const figure = { name: 'rate', label: 'webhooks', unit: '/s', ours: [10, 30, 20], reference: [10, 10, 10] }

it('compares round by round, and takes the one in the middle', () => {
  expect(ratiosOf(figure)).toEqual([1, 3, 2])
  expect(summarise([3, 1, 2, 10])).toEqual({ median: 2.5, least: 1, most: 10 })
})

it.each<[Figure['goal'], number[], boolean | undefined]>([
  [{ of: 'ratio', least: 2 }, [10, 30, 20], true],
  [{ of: 'ratio', least: 2.1 }, [10, 30, 20], false],
  [{ of: 'ours', most: 20 }, [10, 30, 20], true],
  [{ of: 'ours', most: 19 }, [10, 30, 20], false],
  [{ of: 'ours', most: 19 }, [NaN], undefined],
  [undefined, [1], undefined],
])('a goal of %j is met by %j: %j', (goal, ours, expected) => {
  expect(isMet({ ...figure, ours, ...(goal ? { goal } : {}) })).toBe(expected)
})

it('growth is what the dearest costs more than the first', () => {
  expect(growthOf([100, 90, 110])).toBeCloseTo(0.1)
})
