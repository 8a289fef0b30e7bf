import { setTimeout as delay } from 'node:timers/promises'

import { redactLinks } from '@switchboard/contracts'
import type { Log } from '@switchboard/contracts'
import { isRedisAway } from '@switchboard/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { sessionOf } from './auth/require-session.ts'
import type { Session, Sessions } from './auth/sessions.ts'
import type { News } from './news.ts'
import { Refusal } from './refusal.ts'
import type { PageData, Pages } from './render.ts'

const LOOK_EVERY_MS = 1_000
/** How often a page hears that what it shows still holds: proxies close what is silent, and a page says when it hears nothing. */
const BEAT_EVERY_MS = 4_000
/** What happened while a stream was being opened anew is told all the same; the page tells nothing twice. */
const TOLD_FROM_MS = 60_000
const MAX_STREAMS = 200
/** One account, or one session with a shared password, cannot have them all. */
const MAX_OF_ONE = 20
/** All sessions with a shared password together, however many there are: who has an account finds room. */
const MAX_OF_SHARED = 100

export interface LiveDeps {
  pages: Pages
  sessions: Pick<Sessions, 'isOver'>
  readNews: () => Promise<News[]>
  log: Log<'warn'>
}

export interface LivePage {
  path: string
  /** `<template>-live` is the part that changes, included by the page itself. */
  template: string
  load: (request: FastifyRequest) => Promise<PageData>
}

/**
 * Pages that change while they are looked at: each at `path`, and at `path/live` the stream (server-sent events) that
 * sends the changing part again whenever it is another one.
 */
export function createLive({ pages, sessions, readNews, log }: LiveDeps) {
  const taken = createCounts()

  async function send(request: FastifyRequest, reply: FastifyReply, { template, load }: LivePage): Promise<void> {
    let sent = ''
    let sentAt = 0
    const tellNews = createTeller(reply, readNews)
    while (!reply.raw.destroyed) {
      const html = await unlessRedisIsAway(async () =>
        (await sessions.isOver(sessionOf(request)))
          ? null
          : pages.fragment(request, `${template}-live`, await load(request)),
      )
      if (html === null) return
      // Where nothing is known the page hears nothing, and says so. A reader that is too slow gets the next picture.
      if (html !== undefined && !reply.raw.writableNeedDrain) {
        const content = withoutTimes(html)
        const isNews = content !== sent
        if (isNews || Date.now() - sentAt > BEAT_EVERY_MS) {
          reply.raw.write(isNews ? toEvent(html) : 'event: beat\ndata: \n\n')
          sent = content
          sentAt = Date.now()
        }
        await tellNews()
      }
      await delay(LOOK_EVERY_MS)
    }
  }

  return (app: FastifyInstance, page: LivePage): void => {
    app.get(page.path, async (request, reply) => {
      const query = request.url.split('?')[1]
      const live = `${request.url.split('?')[0]?.replace(/\/$/, '')}/live${query ? `?${query}` : ''}`
      return pages.show(request, reply, page.template, { ...(await page.load(request)), live })
    })
    // A HEAD would wait for ever: a stream has no end.
    const options = { exposeHeadRoute: false }
    app.get(`${page.path === '/' ? '' : page.path}/live`, options, async (request, reply) => {
      const shares = sharesOf(sessionOf(request))
      if (shares.some(({ whose, max }) => taken.of(whose) >= max))
        throw new Refusal(503, 'Too many open pages', 'Close some, or reload by hand.')
      for (const { whose } of shares) taken.add(whose, 1)
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      await send(request, reply, page)
        .catch((error: unknown) => log.warn({ error }, 'live.failed'))
        .finally(() => {
          for (const { whose } of shares) taken.add(whose, -1)
          reply.raw.end()
        })
    })
  }
}

/** Tells a stream what has happened since it began, each once. */
function createTeller(reply: FastifyReply, readNews: LiveDeps['readNews']): () => Promise<void> {
  const told = new Set<string>()
  const since = Date.now() - TOLD_FROM_MS
  return async () => {
    for (const news of (await unlessRedisIsAway(readNews)) ?? []) {
      if (news.at < since || told.has(news.id)) continue
      told.add(news.id)
      reply.raw.write(`event: news\ndata: ${redactLinks(JSON.stringify(news))}\n\n`)
    }
  }
}

/** How many of each there are; of whom there are none nothing is kept. */
function createCounts() {
  const counts = new Map<string, number>()
  return {
    of: (whose: string): number => counts.get(whose) ?? 0,
    add(whose: string, change: 1 | -1): void {
      const count = (counts.get(whose) ?? 0) + change
      if (count > 0) counts.set(whose, count)
      else counts.delete(whose)
    },
  }
}

/** Of what a stream takes its part, and how much there is: an account has one share, however often it has logged in. */
function sharesOf({ id, identity }: Session): { whose: string; max: number }[] {
  const all = { whose: 'everybody', max: MAX_STREAMS }
  if (identity.kind === 'account') return [all, { whose: `account ${identity.name}`, max: MAX_OF_ONE }]
  return [all, { whose: `session ${id}`, max: MAX_OF_ONE }, { whose: 'shared passwords', max: MAX_OF_SHARED }]
}

async function unlessRedisIsAway<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  return read().catch((error: unknown) => {
    if (!isRedisAway(error)) throw error
    return undefined
  })
}

function toEvent(html: string): string {
  return `${html
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`
}

/** Times run on by themselves in the page: they are no change. */
function withoutTimes(html: string): string {
  return html.replaceAll(/<(time|progress)\b[^>]*>[^<]*<\/\1>/g, '')
}
