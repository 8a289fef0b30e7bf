import { expect, it } from 'vitest'

import { parseAudioFormat } from './audio-format.ts'

it.each([
  ['audio/l16;rate=8000', 320],
  ['audio/l16;rate=16000', 640],
  ['audio/l16;rate=24000', 960],
  ['audio/l16; rate=16000', 640],
  ['AUDIO/L16;RATE=16000', 640],
  ['audio/l16;rate=44100', undefined],
  ['audio/l16', undefined],
  ['audio/mpeg', undefined],
  ['', undefined],
])('%s has frames of %s bytes', (contentType, frameBytes) => {
  expect(parseAudioFormat(contentType)?.frameBytes).toBe(frameBytes)
})
