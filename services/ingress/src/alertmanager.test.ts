import { expect, it } from 'vitest'

import { alertmanagerBody, alertmanagerMedia, alertmanagerText } from './alertmanager.ts'

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

const url = 'https://grafana.example/disk.png'
it.each([
  [
    'the first picture of what fires',
    [firing(), { status: 'resolved', imageURL: 'https://a.example/b.png' }, { ...firing(), imageURL: url }],
    url,
  ],
  [
    'no address, no picture',
    [
      { ...firing(), imageURL: '' },
      { ...firing(), imageURL: 7 },
    ],
    undefined,
  ],
])('Grafana: %s', (_, alerts, expected) => {
  const body = alertmanagerBody.parse({ groupKey: 'g', status: 'firing', alerts })
  expect(alertmanagerMedia(body).media?.url).toBe(expected)
})
