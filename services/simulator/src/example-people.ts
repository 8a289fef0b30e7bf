import type { GivenPerson } from './people.ts'

/**
 * Who is there on the first start: a customer and the two people on call of the example configuration. They have just
 * written, so that they can be reached everywhere. Numbers are from Ofcom's range for drama.
 */
export const examplePeople: readonly GivenPerson[] = [
  { name: 'Alice', number: '447700900010', messenger: '9000000010', hasWritten: true },
  { name: 'Tony', number: '447700900011', messenger: '9000000001', hasWritten: true },
  { name: 'Michael', number: '447700900012', messenger: '9000000012', hasWritten: true },
]
