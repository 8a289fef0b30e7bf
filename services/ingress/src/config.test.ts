import { expect, it } from 'vitest'

import { configSchema } from './config.ts'

const problems = (tokens: string) =>
  configSchema.shape.API_TOKENS.safeParse(tokens).error?.issues.map(({ message }) => message) ?? []

it.each([
  ['one that is short', 'abc'],
  ['one of one letter', 'a'.repeat(40)],
  ['a good one beside a short one', 'Zm9vYmFyLXRva2VuLW9mLXRoZS1hcGk, abc'],
])('an API token that can be guessed is refused, with what to do: %s', (_name, tokens) => {
  expect(problems(tokens)).toEqual([expect.stringContaining('openssl rand -base64 24')])
})

it('several good ones, and none, are taken', () => {
  expect(problems('Zm9vYmFyLXRva2VuLW9mLXRoZS1hcGk,YW5vdGhlci10b2tlbi1vZi10aGU')).toEqual([])
  expect(problems('')).toEqual([])
})

it.each([
  ['86700', true],
  ['172000', true],
  // What came so long ago is not remembered any more.
  ['172800', false],
])('signatures may be %s s old: %s', (seconds, isTaken) => {
  expect(configSchema.shape.VONAGE_SIGNATURE_TOLERANCE_SECONDS.safeParse(seconds).success).toBe(isTaken)
})
