import { switchboardConfig } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { checkRows } from './check-rows.ts'
import { MAX_CHARACTERS, MAX_ROWS, readFile } from './read-file.ts'

const settings = switchboardConfig.parse({
  senders: { sms: '447700900000', whatsapp: '447700900001' },
  defaultCountry: 'GB',
  notifications: {
    parcel: { text: 'Hello {name}, reply 1 or 2.', options: { '1': 'fine', '2': 'later' } },
    plain: { text: 'Reply 1 or 2.', options: { '1': 'fine', '2': 'later' } },
  },
})

function check(csv: string, notification = 'parcel') {
  const read = readFile(csv)
  if (read.kind === 'invalid') return read.problem
  return checkRows(read.rows, { notification, channel: 'sms' }, settings)
}

describe('a file', () => {
  it.each([
    ['commas', 'to,name\n+447700900123,"Ada, of ""X"""\n', 'Hello Ada, of "X", reply 1 or 2.'],
    ['semicolons and a byte order mark', '\uFEFFTo;Name\r\n07700 900123;Ada\r\n', 'Hello Ada, reply 1 or 2.'],
    ['tabs and an apostrophe before the number', "to\tname\n'+447700900123\tAda", 'Hello Ada, reply 1 or 2.'],
    ['a line break in a cell', 'name,to\n"A\nB",447700900123', 'Hello A\nB, reply 1 or 2.'],
  ])('with %s', (_, csv, text) => {
    expect(check(csv)).toMatchObject([{ message: { contact: { address: '447700900123' }, text }, problems: [] }])
  })

  it.each([
    ['nothing in it', '', 'The file is empty.'],
    ['a header alone', 'to,name\n', 'The file has a header and no rows.'],
    ['no column of numbers', 'number,name\n1,2', 'The first row has no column "to": it names the columns.'],
    ['a column twice', 'to,name,Name\n1,2,3', 'The column "name" is there twice.'],
    ['a quote that does not end', 'to,name\n"1,2', expect.stringMatching(/^The file is not CSV: /)],
    ['too many rows', `to\n${'1\n'.repeat(MAX_ROWS + 1)}`, expect.stringContaining('1001 rows; 1000 are possible')],
    ['too many characters', 'x'.repeat(MAX_CHARACTERS + 1), expect.stringContaining('300001 characters')],
  ])('with %s is refused as a whole', (_, csv, problem) => {
    expect(check(csv)).toEqual(problem)
  })
})

it.each([
  ['to,name\n,Ada', [{ column: 'to', problem: 'is empty' }]],
  ['to,name\n12,Ada', [{ column: 'to', problem: expect.stringContaining('"12"') }]],
  ['to,name\n447700900123,', [{ column: 'name', problem: 'is empty: the text asks for it' }]],
  ['to\n447700900123', [{ column: 'name', problem: 'is missing: the text asks for it' }]],
  [
    'to,name,channel\n447700900123,Ada,fax',
    [{ column: 'channel', problem: expect.stringContaining('"fax" is none of') }],
  ],
  [
    'to,name,notification\n447700900123,Ada,x',
    [{ column: 'notification', problem: '"x" is not in the configuration' }],
  ],
  ['to,name,notification\n447700900123,Ada,__proto__', [{ column: 'notification', problem: expect.any(String) }]],
])('of %j it is said which column is wrong', (csv, problems) => {
  expect(check(csv)).toMatchObject([{ line: 2, problems, message: undefined }])
})

it('a row that sends the same to the same person is sent once; another notification or channel is another', () => {
  const rows = check(
    'to,name,notification,channel\n447700900123,Ada,,\n+44 7700 900123,Bob,,\n07700900123,,plain,\n07700900123,Ada,,WhatsApp',
  )
  expect(rows).toMatchObject([
    {},
    { duplicateOf: 2 },
    { message: {} },
    { message: { contact: { channel: 'whatsapp' } } },
  ])
  expect(Array.isArray(rows) && rows.map(({ duplicateOf }) => duplicateOf)).toEqual([
    undefined,
    2,
    undefined,
    undefined,
  ])
})
