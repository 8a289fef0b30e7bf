import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { channelFromV01, channels, rulesOf } from './channels.ts'

const read = (name: string) => readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8')

test.each(channels)('%s is read back from v0.1, and the phone has its name and its look', (channel) => {
  expect(channelFromV01(rulesOf[channel].v01.type)).toBe(channel)
  expect(read('js/format.js')).toContain(`${channel}: '${rulesOf[channel].label}'`)
  expect(read('js/dom.js')).toContain(`  ${channel}: 'M`)
  expect(read('css/phone.css')).toContain(`.app-${channel} `)
  expect(read('css/apps.css')).toContain(`.thread-${channel} `)
})
