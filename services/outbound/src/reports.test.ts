import type { AuditEntry, NotificationProgress, OutboundMessage } from '@switchboard/contracts'
import type { ConsentEvent } from '@switchboard/store'
import { expect, it } from 'vitest'

import { combineReports } from './combine-reports.ts'
import { createNotificationReport } from './report-notification.ts'
import { createEndConsent, createOptOutReport } from './report-opt-out.ts'

const message: OutboundMessage = {
  id: 'm1',
  channel: 'sms',
  to: '447700900123',
  text: 'a',
  purpose: 'notification',
  createdAt: 0,
  about: { kind: 'notification', notificationId: 'n1' },
}

function reports(isChange = true) {
  const progress: NotificationProgress[] = []
  const consents: [string, ConsentEvent][] = []
  const trail: AuditEntry[] = []
  const report = combineReports(
    createNotificationReport({ progress: { enqueue: async (each) => void progress.push(each) }, now: () => 7 }),
    createOptOutReport({
      endConsent: createEndConsent({
        consent: {
          async record(personId, event) {
            consents.push([personId, event])
            return isChange
          },
        },
        trail: { enqueue: async (entry) => void trail.push(entry) },
      }),
      now: () => 7,
    }),
  )
  return { progress, consents, report, trail }
}

it('a notification hears what became of its message; other messages are not reported', async () => {
  const { progress, consents, report } = reports()
  await report.report(message, 'accepted')
  const error = { code: '1050', reason: 'barred' }
  await report.reportStatus(
    'm1',
    { ...message, state: 'rejected', error, events: [], uuids: {} },
    { kind: 'message', messageUuid: 'u1', state: 'rejected', error, at: 6, receivedAt: 6 },
  )
  const { about: _about, ...reply } = message
  await report.report(reply, 'accepted')
  expect(progress).toEqual([
    { notificationId: 'n1', messageId: 'm1', state: 'accepted', at: 7 },
    { notificationId: 'n1', messageId: 'm1', state: 'rejected', reason: 'barred', at: 7 },
  ])
  expect(consents).toEqual([])
})

it.each([
  ['refused', 'The recipient has opted out of messages', true],
  ['refused', 'Error 1240', true],
  ['refused', 'Number unsubscribed', true],
  ['refused', 'Invalid sender', false],
  ['suppressed', 'opted-out', false],
] as const)('%s because of %j ends consent: %s', async (state, reason, isOptOut) => {
  const { consents, report, trail } = reports()
  await report.report(message, state, reason)
  expect(consents).toEqual(
    isOptOut ? [['tel.447700900123', expect.objectContaining({ state: 'out', source: 'provider' })]] : [],
  )
  expect(trail.map(({ action, target, detail }) => [action, target, detail])).toEqual(
    isOptOut ? [['consent.out', 'm1', 'reported by Vonage, sms …0123']] : [],
  )
})

it('an opt-out that changes nothing is in the trail already, or was no act', async () => {
  const { report, trail } = reports(false)
  await report.report(message, 'refused', 'Error 1240')
  expect(trail).toEqual([])
})
