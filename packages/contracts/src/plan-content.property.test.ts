import fc from 'fast-check'
import { expect, it } from 'vitest'

import { channels } from './channel.ts'
import { contentProblems } from './content-problems.ts'
import { fillContent } from './fill-content.ts'
import { messageParts } from './message-content.ts'
import { planContentProblems } from './plan-content-problems.ts'

/** As people write them: placeholders between anything at all, also halves of characters. */
const wording = fc
  .array(
    fc.oneof(fc.constantFrom('{text}', '{code}', '{link}', '{', ' '), fc.string({ unit: 'binary', maxLength: 30 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''))
const address = fc
  .constantFrom('', '/{text}', '?q={text}&c={code}', '?{text}{text}')
  .map((rest) => `https://example.com${rest}`)
const numbers = { durationSeconds: fc.constant(9), megabytes: fc.constant(3) }

const type = <Name extends string>(name: Name) => fc.constant(name)
const content = fc.oneof(
  fc.record({ type: type('image'), url: address, caption: wording }, { requiredKeys: ['type', 'url'] }),
  fc.record({ type: type('file'), url: address, caption: wording, name: wording }, { requiredKeys: ['type', 'url'] }),
  fc.record({ type: type('video'), url: address, caption: wording, thumbUrl: address, ...numbers }),
  fc.record({ type: type('sticker'), url: address }),
  fc.record({
    type: type('template'),
    template: fc.record({ name: fc.constant('a:b'), locale: fc.constant('en'), parameters: fc.array(wording) }),
  }),
  fc.record({ type: type('custom'), custom: fc.dictionary(wording, fc.jsonValue()) }),
)
const options = fc.record(
  {
    ttlSeconds: fc.constantFrom(20, 60),
    viberButton: fc.record({ url: address, text: wording }),
    messengerTag: wording,
  },
  { requiredKeys: [] },
)
const anyParts = fc.record({ content, options }, { requiredKeys: [] })
const anyAlert = fc.record({
  text: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 900, maxLength: 4_000 }),
  ),
  code: fc.nat(999_999).map((number) => `A${number}`),
  link: fc.constant('https://example.org/a/x.y.z'),
})

it('what is taken at the door can be sent, whatever the alert says', { timeout: 60_000 }, () => {
  let taken = 0
  fc.assert(
    fc.property(fc.constantFrom(...channels), anyParts, anyAlert, (channel, given, alert) => {
      const read = messageParts.safeParse(given)
      if (!read.success || planContentProblems(channel, read.data).length > 0) return
      taken += 1
      const filled = fillContent(read.data, alert)
      expect(filled).toBeDefined()
      expect(contentProblems(channel, { ...filled, text: '' })).toEqual([])
    }),
    { numRuns: 2_000 },
  )
  expect(taken).toBeGreaterThan(100)
})
