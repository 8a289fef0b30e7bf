import { expect, test } from 'vitest'

import { interactiveOf } from './reply-buttons.ts'

const titled = (...titles: string[]) => titles.map((title, index) => ({ id: String(index + 1), title }))
const types = (text: string, ...titles: string[]) => interactiveOf(text, titled(...titles))?.interactive

test.each<[string, string, string[], string | undefined]>([
  ['three short ones', 'Which?', ['tomorrow', 'Thursday', 'post office'], 'button'],
  ['four', 'Which?', ['a', 'b', 'c', 'd'], 'list'],
  ['a long title', 'Which?', ['tomorrow', 'deliver to post office'], 'list'],
  ['eleven', 'Which?', 'abcdefghijk'.split(''), undefined],
  ['none', 'Which?', [], undefined],
  ['a text that is too long for them', 'x'.repeat(1_025), ['a'], undefined],
  ['titles that look the same', 'Which?', ['same', 'same'], undefined],
  [
    'titles that look the same once they are cut',
    'Which?',
    ['the shop in the High Street 1', 'the shop in the High Street 2'],
    undefined,
  ],
])('%s', (_, text, titles, type) => {
  const found = types(text, ...titles)
  if (type === undefined) expect(found).toBeUndefined()
  else expect(found).toMatchObject({ type, body: { text } })
})

test('a row shows its beginning, and the whole beneath; nothing is cut within a character', () => {
  expect(types('Which?', 'tomorrow', 'to the neighbours, or 🏤🏤 post')).toMatchObject({
    action: {
      button: 'Choose',
      sections: [
        {
          rows: [
            { id: '1', title: 'tomorrow' },
            { id: '2', title: 'to the neighbours, or…', description: 'to the neighbours, or 🏤🏤 post' },
          ],
        },
      ],
    },
  })
})
