import { expect, it } from 'vitest'

import { alertmanagerBody, alertmanagerText } from './alertmanager.ts'

const firing = (summary?: string) => ({ status: 'firing', annotations: summary === undefined ? {} : { summary } })

it.each([
  [
    'names the alert and what all have in common',
    { commonLabels: { alertname: 'Latency' }, commonAnnotations: { summary: 'p99 is 3 s' }, alerts: [firing()] },
    'Latency\np99 is 3 s',
  ],
  [
    'counts those that fire, and says where',
    { groupLabels: { alertname: 'Down', job: 'api' }, alerts: [firing('a'), firing('b'), { status: 'resolved' }] },
    '2 x Down (job=api)\na\nb',
  ],
  [
    'says the same thing once',
    { groupLabels: { alertname: 'Down' }, alerts: [firing('a'), firing('a')] },
    '2 x Down\na',
  ],
  [
    'takes the description where there is no summary',
    { commonAnnotations: { description: 'why' }, alerts: [] },
    'Alert\nwhy',
  ],
  ['says something when nothing is given', {}, 'Alert'],
])('%s', (_, given, expected) => {
  expect(alertmanagerText(alertmanagerBody.parse({ groupKey: 'g', status: 'firing', ...given }))).toBe(expected)
})

it('is short enough for a message', () => {
  const body = alertmanagerBody.parse({
    groupKey: 'g',
    status: 'firing',
    commonAnnotations: { summary: 'x'.repeat(5_000) },
  })
  expect(alertmanagerText(body)).toHaveLength(1_000)
})
