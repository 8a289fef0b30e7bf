import { expect, it } from 'vitest'

import { redactLinks } from './redact-links.ts'

const token = '0-alert-Zk3v9aaaaaaa.tl3k2a.abcdefghijklmnopqrst_-'

it.each([
  [`Open https://a.example/a/${token}`, 'Open https://a.example/a/••••••'],
  [`Or open https://a.example/b/${token}`, 'Or open https://a.example/b/••••••'],
  [`/signup/confirm/${token}. /signup/decline/${token}`, '/signup/confirm/••••••. /signup/decline/••••••'],
  [`/webhooks/call-key/${token}?x`, '/webhooks/call-key/••••••?x'],
  [`/webhooks/call-events/${token}`, '/webhooks/call-events/••••••'],
  [`{"text":"https://a.example/a/${token}"}`, '{"text":"https://a.example/a/••••••"}'],
  ['https://a.example/a/page and /alerts/alert-1', 'https://a.example/a/page and /alerts/alert-1'],
  ['MSFT 420', 'MSFT 420'],
])('%j is shown as %j', (text, shown) => {
  expect(redactLinks(text)).toBe(shown)
})
