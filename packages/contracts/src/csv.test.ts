import { expect, it } from 'vitest'

import { csvRow } from './csv.ts'

it.each([
  [['a', 1, undefined], 'a,1,\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+44', '-1', '@x', '\tx'], "'=1+1,'+44,'-1,'@x,'\tx\r\n"],
  [['\n=1+1', ' =1', '＝1+1', '＠x', '\uFEFF=1'], "\"'\n'=1+1\",' =1,'＝1+1,'＠x,'\uFEFF=1\r\n"],
  // Where lists are separated by semicolons a spreadsheet begins cells and rows of its own in these.
  [['a;=1+1', 'b\n=1+1', 'c\t -1', 'd;"@x', 'e|＝1'], 'a;\'=1+1,"b\n\'=1+1",c\t \'-1,"d;""\'@x",e|\'＝1\r\n'],
  [['a;-)', 'a=b', 'well-known', '2;3'], 'a;-),a=b,well-known,2;3\r\n'],
])('%j', (cells, row) => {
  expect(csvRow(cells)).toBe(row)
})
