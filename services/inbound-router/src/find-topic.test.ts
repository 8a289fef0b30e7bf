import { expect, it } from 'vitest'

import { findTopic } from './find-topic.ts'

const topics = ['MSFT', 'GOOGL', 'BRK', 'BRK.B', '天気', 'C']

it.each([
  ['MSFT', 'MSFT'],
  ['msft please', 'MSFT'],
  ['ＭＳＦＴ', 'MSFT'],
  ['give me googl, not msft', 'GOOGL'],
  ['$MSFT!', 'MSFT'],
  ['MSFTください', 'MSFT'],
  ['请给我MSFT的价格', 'MSFT'],
  ['MSFTX', undefined],
  ['xMSFT', undefined],
  ['MSFT2', undefined],
  ['my_msft', undefined],
  ['brk.b', 'BRK.B'],
  ['brk and so on', 'BRK'],
  ['今日の天気は?', '天気'],
  ['c', 'C'],
  ['abc', undefined],
  ['hello', undefined],
  ['', undefined],
])('%o names %s', (text, topic) => expect(findTopic(text, topics)).toBe(topic))

it('a topic is a word, not a pattern', () => {
  expect(findTopic('aXb', ['a.b'])).toBeUndefined()
  expect(findTopic('a.b', ['a.b'])).toBe('a.b')
})
