import { expect, it } from 'vitest'

import { may, roles } from './role.ts'

it('each role may what it needs and what less needs', () => {
  const rows = roles.map((own) => roles.map((needed) => (may(own, needed) ? 'yes' : 'no')).join(' '))
  expect(rows).toEqual(['yes no no no', 'yes yes no no', 'yes yes yes no', 'yes yes yes yes'])
})
