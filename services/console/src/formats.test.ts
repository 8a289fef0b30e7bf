import { readFileSync } from 'node:fs'

import { channels } from '@switchboard/contracts'
import type { MessageContent } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { createFormats, explainReason, formatDuration, formatRelative } from './formats.ts'
import { createPieces } from './html.ts'

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [61_000, '1 min 1 s'],
  [120_000, '2 min'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [3 * 86_400_000, '3 days'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

it.each([
  [1_000_000, 1_000_500, 'now'],
  [1_000_000, 1_020_000, '20 s ago'],
  [1_200_000, 1_000_000, 'in 3 min 20 s'],
  [1_180_000, 1_000_000, 'in 3 min'],
  [1_000_000, 4_600_000, '1 h ago'],
  [1_000_000, 4_660_000, '1 h 1 min ago'],
  [1_000_000, 180_000_000, '2 days ago'],
])('%d seen at %d is %s', (at, now, text) => {
  expect(formatRelative(at, now)).toBe(text)
})

it('writes bytes and states', () => {
  const f = createFormats(0)
  expect([0, 999, 1_000, 9_040_000, 250_000_000_000].map(f.bytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '9.0 MB',
    '250 GB',
  ])
  expect(f.tone('nobody knows this')).toBe('idle')
  expect(explainReason('suppressed: opted-out')).toBe('suppressed: opted out')
  expect(explainReason('opted-out')).toBe('opted out')
  expect(explainReason('no such host')).toBe('no such host')
})

it('pieces escape what they are given', () => {
  const h = createPieces(createFormats(0))
  const evil = '<img src=x onerror=alert(1)>"'
  for (const html of [h.badge(evil), h.channel(evil), h.person({ channel: 'messenger', address: evil })]) {
    expect(html).not.toContain('<img')
  }
})

it.each(channels)('%s has an icon and a colour', (channel) => {
  const [icons, style] = ['icons.svg', 'console.css'].map((name) =>
    readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8'),
  )
  expect(icons).toContain(`<symbol id="${channel}"`)
  expect(style).toMatch(new RegExp(`\\.s-${channel}[ ,]`))
})

it.each<[MessageContent, string]>([
  [{ type: 'sticker', url: 'https://example.com/a.webp' }, 'sticker'],
  [{ type: 'template', template: { name: 'shop:alert', locale: 'en', parameters: [] } }, 'template shop:alert'],
  [{ type: 'custom', custom: { type: 'location' } }, 'WhatsApp location'],
  [{ type: 'custom', custom: {} }, 'WhatsApp object'],
])('%o is named %s', (content, name) => expect(createFormats(0).content(content)).toBe(name))
