import { expect, test } from 'vitest'

import { findMisspelt } from './misspelt.ts'
import { knownVariables } from './service-schemas.ts'

test.each([
  ['VONAGE_APLICATION_ID', 'VONAGE_APPLICATION_ID'],
  ['REDIS_URI', 'REDIS_URL'],
  ['Console_Password', 'CONSOLE_PASSWORD'],
  ['API_TOKEN', 'API_TOKENS'],
])('%s is a misspelt %s', (written, meant) => {
  expect(findMisspelt([written], knownVariables)).toEqual([
    `${written} in .env: nobody reads it. Did you mean ${meant}?`,
  ])
})

test("what is known and what is somebody else's is left alone", () => {
  expect(findMisspelt(['REDIS_URL', 'API_TOKENS_FILE', 'AWS_REGION', 'COMPOSE_FILE'], knownVariables)).toEqual([])
})
