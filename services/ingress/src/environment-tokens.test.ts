import { hashApiToken } from '@switchboard/tokens'
import { describe, expect, it } from 'vitest'

import { readEnvironmentTokens } from './environment-tokens.ts'

const TOKEN = 'Zm9vYmFyLXRva2VuLW9mLXRoZS1hcGk'

const read = (text: string) => {
  const [token] = readEnvironmentTokens([text])
  return {
    name: token?.name,
    isGood: (given: string) => token?.hashes.some((hash) => hash.equals(hashApiToken(given))),
  }
}

describe('a token of API_TOKENS', () => {
  it('with a name is good without it, and as a whole', () => {
    const { name, isGood } = read(`alertmanager:${TOKEN}`)
    expect(name).toBe('alertmanager')
    expect([TOKEN, `alertmanager:${TOKEN}`, 'alertmanager', `other:${TOKEN}`].map(isGood)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it.each([
    ['no colon', TOKEN],
    ['what is no name in front of its colon', `Big Name:${TOKEN}`],
    ['too little behind its colon', 'zm9vymfylxrva2v:abc'],
  ])('with %s is a whole, and named by its digest', (_, text) => {
    const { name, isGood } = read(text)
    expect(name).toMatch(/^API_TOKENS [0-9a-f]{6}$/)
    expect(isGood(text)).toBe(true)
    expect(isGood(text.slice(text.indexOf(':') + 1))).toBe(!text.includes(':'))
  })
})
