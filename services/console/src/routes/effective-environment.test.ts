import { switchboardConfig } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { maskSettings, settingsWarnings } from './configuration.ts'
import { effectiveEnvironment, environmentWarnings } from './effective-environment.ts'

it('never shows a secret, wherever it comes from', () => {
  const env = {
    CONSOLE_PASSWORD: 'hunter2-hunter2',
    VONAGE_PRIVATE_KEY_FILE: '/secrets/key',
    REDIS_URL: 'redis://user:pa55word@redis:6379',
    API_TOKENS: 'tok-1',
  }
  const shown = JSON.stringify(effectiveEnvironment(env))
  for (const secret of ['hunter2', '/secrets/key', 'pa55word', 'tok-1']) expect(shown).not.toContain(secret)
  expect(effectiveEnvironment(env)).toContainEqual({
    name: 'REDIS_URL',
    value: 'redis://user:******@redis:6379',
    source: 'set',
  })
  expect(effectiveEnvironment({})).toContainEqual({ name: 'LOG_LEVEL', value: 'info', source: 'default' })
})

it('masks what feeds send to their sources', () => {
  const settings = switchboardConfig.parse({
    feeds: {
      GOLD: {
        source: 'http',
        everySeconds: 60,
        url: 'https://x.test/p?key=abc',
        field: 'p',
        headers: { authorization: 'Bearer xyz' },
      },
      OIL: { source: 'http', everySeconds: 60, url: 'https://uvw:rst@x.test/%FF?key=%FFabc&key=abc', field: 'p' },
    },
  })
  const shown = JSON.stringify(maskSettings(settings))
  expect(shown).not.toContain('abc')
  for (const secret of ['xyz', 'uvw', 'rst']) expect(shown).not.toContain(secret)
  expect(shown).toContain('authorization')
})

it('warns of what may surprise', () => {
  expect(environmentWarnings({ VONAGE_SMS_UNSIGNED: 'true' }).join('\n')).toContain('anybody can pretend to be an SMS')
  expect(environmentWarnings({}).join('\n')).toContain('PUBLIC_URL')
  expect(settingsWarnings(switchboardConfig.parse({})).join('\n')).toContain('senders.sms is missing')
})
