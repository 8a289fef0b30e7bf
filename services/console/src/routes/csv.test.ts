import { expect, it } from 'vitest'

import { csvRow } from './csv.ts'

it.each([
  [['a', 1, undefined], 'a,1,\r\n'],
  [['say "hi"', 'a,b', 'two\nlines'], '"say ""hi""","a,b","two\nlines"\r\n'],
  [['=1+1', '-2', '@x'], "'=1+1,'-2,'@x\r\n"],
])('writes %j', (cells, row) => {
  expect(csvRow(cells)).toBe(row)
})
