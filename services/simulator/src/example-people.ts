import type { GivenPerson } from './people.ts'

/** Who is there on the first start: the people of the example configuration. Numbers are from Ofcom's range for drama. */
export const examplePeople: readonly GivenPerson[] = [
  { name: 'Alice', number: '447700900010', messenger: '9000000010' },
  { name: 'Tony', number: '447700900011', messenger: '9000000001' },
  { name: 'Michael', number: '447700900012', messenger: '9000000012' },
]
