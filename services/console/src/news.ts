import { cut, endedAt } from '@switchboard/contracts'
import type { Alert } from '@switchboard/contracts'
import type { Alerts, FollowUp, FollowUps } from '@switchboard/store'

/** Something that somebody may want to hear of at once, in few words: it is read on a locked screen. */
export interface News {
  id: string
  at: number
  title: string
  words: string
  href: string
}

export interface NewsSources {
  alerts: Pick<Alerts, 'newest' | 'unanswered' | 'get'>
  followUps: Pick<FollowUps, 'newest'>
}

/** Whoever hears of more at once looks at the page. */
const MOST = 20
const LONGEST = 120

/** What has lately begun to need a person, and which alerts have begun or reached nobody. */
export async function readNews({ alerts, followUps }: NewsSources, now: number): Promise<News[]> {
  const [waiting, begun, ids] = await Promise.all([
    followUps.newest(MOST),
    alerts.newest(MOST),
    alerts.unanswered(now, MOST),
  ])
  const given = await Promise.all(ids.map((id) => alerts.get(id)))
  return [
    ...waiting.map(newsOfFollowUp),
    ...begun.map(newsOfBegin),
    ...given.flatMap((alert) => (alert ? newsOfEnd(alert) : [])),
  ]
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

function newsOfBegin({ id, code, text, createdAt }: Alert): News {
  return {
    id: `${id}-began`,
    at: createdAt,
    title: `Alert ${code}`,
    words: cut(text, LONGEST, '…'),
    href: `/alerts/${id}`,
  }
}

/** Each time that it was given up: somebody may have been handed it in between. */
function newsOfEnd(alert: Alert): News[] {
  const { id, code, text } = alert
  const at = endedAt(alert)
  if (at === undefined) return []
  return [
    { id: `${id}-${at}`, at, title: `Nobody answered ${code}`, words: cut(text, LONGEST, '…'), href: `/alerts/${id}` },
  ]
}
