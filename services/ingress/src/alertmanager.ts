import { messageMedia } from '@switchboard/contracts'
import type { MessageMedia } from '@switchboard/contracts'
import { z } from 'zod'

const labels = z.record(z.string(), z.string()).default({})

/** A webhook of Prometheus' Alertmanager (version 4), or of Grafana, which adds to it; unknown fields are ignored. */
export const alertmanagerBody = z.object({
  groupKey: z.string().min(1).max(2_000),
  status: z.enum(['firing', 'resolved']),
  commonLabels: labels,
  groupLabels: labels,
  commonAnnotations: labels,
  alerts: z
    .array(
      z.object({ status: z.string(), labels, annotations: labels, imageURL: z.string().optional().catch(undefined) }),
    )
    .default([]),
})
export type AlertmanagerBody = z.infer<typeof alertmanagerBody>

const MAX_TEXT = 1_000

/** What people read, in GSM-7 as far as the labels are: how many fire, what it is, and the first summaries. */
export function alertmanagerText({ commonLabels, groupLabels, commonAnnotations, alerts }: AlertmanagerBody): string {
  const firing = alerts.filter(({ status }) => status === 'firing')
  const name = commonLabels['alertname'] ?? groupLabels['alertname'] ?? 'Alert'
  const { alertname: _name, ...rest } = groupLabels
  const where = Object.entries(rest).map(([label, value]) => `${label}=${value}`)
  const title = `${firing.length > 1 ? `${firing.length} x ` : ''}${name}${where.length > 0 ? ` (${where.join(', ')})` : ''}`
  const common = summaryOf(commonAnnotations)
  const summaries = common === undefined ? firing.flatMap(({ annotations }) => summaryOf(annotations) ?? []) : [common]
  const text = [title, ...new Set(summaries)].join('\n')
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 3)}...` : text
}

/** The first picture that Grafana took of a panel of what fires. */
export function alertmanagerMedia({ alerts }: AlertmanagerBody): { media?: MessageMedia } {
  const [first] = alerts.flatMap(({ status, imageURL }) =>
    status === 'firing' ? (messageMedia.safeParse({ type: 'image', url: imageURL }).data ?? []) : [],
  )
  return first ? { media: first } : {}
}

function summaryOf({ summary, description, message }: Record<string, string>): string | undefined {
  return summary ?? description ?? message
}
