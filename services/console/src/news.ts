import type { Alerts, FollowUp, FollowUps } from '@switchboard/store'

import { summariseAlert } from './routes/alert-summary.ts'
import type { AlertSummary } from './routes/alert-summary.ts'

/** Something that somebody may want to hear of at once, in few words: it is read on a locked screen. */
export interface News {
  id: string
  at: number
  title: string
  words: string
  href: string
}

export interface NewsSources {
  alerts: Pick<Alerts, 'get' | 'plan' | 'recent'>
  followUps: Pick<FollowUps, 'newest'>
}

/** Whoever hears of more at once looks at the page. */
const MOST = 20
const LONGEST = 120

/** What has lately begun to need a person, and which alerts have begun or reached nobody. */
export async function readNews({ alerts, followUps }: NewsSources): Promise<News[]> {
  const [waiting, ids] = await Promise.all([followUps.newest(MOST), alerts.recent(0, MOST)])
  const found = await Promise.all(ids.map((id) => summariseAlert(id, alerts)))
  return [...waiting.map(newsOfFollowUp), ...found.flatMap((alert) => (alert ? newsOfAlert(alert) : []))]
}

const needs: Record<FollowUp['kind'], string> = {
  'opt-out-wish': 'sounds like an opt-out',
  'invalid-replies': 'did not answer the question',
  unsent: 'could not be asked in time',
}

function newsOfFollowUp({ id, kind, contact, createdAt }: FollowUp): News {
  const words = `…${contact.address.slice(-4)} ${needs[kind]}`
  return { id, at: createdAt, title: 'Needs a person', words, href: '/notifications#follow-ups' }
}

export function newsOfAlert({ id, code, text, state, createdAt, endedAt }: AlertSummary): News[] {
  const about = { words: text.slice(0, LONGEST), href: `/alerts/${id}` }
  const began = { ...about, id: `${id}-began`, at: createdAt, title: `Alert ${code}` }
  if (state !== 'exhausted' || endedAt === undefined) return [began]
  return [began, { ...about, id: `${id}-exhausted`, at: endedAt, title: `Nobody answered ${code}` }]
}
