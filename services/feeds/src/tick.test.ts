import { expect, it } from 'vitest'

import { decideTick } from './tick.ts'

const update = { tick: 10, value: 'new' }

it.each([
  ['the first value', undefined, { tick: 10, value: 'new' }],
  ['a newer tick', { tick: 9, value: 'old' }, { tick: 10, value: 'new', previous: 'old' }],
])('%s becomes the value of the topic', (_, current, value) => {
  expect(decideTick(current, update)).toEqual(value)
})

it.each([
  ['the same tick again, made anew by another replica', { tick: 10, value: 'first' }],
  ['an older tick', { tick: 11, value: 'newer' }],
])('%s changes nothing', (_, current) => {
  expect(decideTick(current, update)).toBe(current)
})
