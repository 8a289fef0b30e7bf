import { derivedId, personId } from '@switchboard/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { askRows, notificationIdOf, rowsOf } from '../mailings/ask-rows.ts'
import type { CheckedRow } from '../mailings/check-rows.ts'
import { lookAtMailing, outcomeRows } from '../mailings/outcomes.ts'
import { MAX_CHARACTERS, MAX_ROWS, readFile } from '../mailings/read-file.ts'
import { readInput } from '../read-input.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { sendCsv } from '../send-csv.ts'
import { pageOf, readPage } from './paging.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 50
/** The order is that of the file, not of time. */
const PAGE_WORDS = ['Before', 'After'] as const
/** Of a form: a character of some scripts takes nine bytes there. */
const MAX_BYTES = MAX_CHARACTERS * 9 + 10_000

/** Many notifications from a file: looked at first, then sent once. */
export function mailingRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/mailings', async (request, reply) =>
    deps.pages.show(request, reply, 'mailings', await overview(deps, emptyForm(deps))),
  )
  uploadRoute(app, deps)
  app.get('/mailings/:id/preview', async (request, reply) => {
    const { id } = idOf(request)
    if (await deps.stores.mailings.get(id)) return reply.redirect(`/mailings/${id}`, 303)
    return deps.pages.show(request, reply, 'mailing-preview', await preview(request, deps))
  })
  sendRoute(app, deps)
  deps.live(app, { path: '/mailings/:id', template: 'mailing', load: (request) => one(request, deps) })
  app.get('/mailings/:id/outcomes.csv', async (request, reply) => {
    const { id } = idOf(request)
    const mailing = await deps.stores.mailings.get(id)
    if (!mailing) throw notFound(`mailing ${id}`)
    await trace(request, deps, { action: 'mailing.export', target: id })
    return sendCsv(reply, 'mailing', outcomeRows(mailing, deps.stores.notifications))
  })
}

const uploadForm = z.object({
  label: z.string().trim().max(80).default(''),
  notification: z.string().max(64).default(''),
  channel: z.string().max(40).default('sms'),
  csv: z.string().default(''),
})
type UploadForm = z.infer<typeof uploadForm>

function emptyForm({ settings }: RouteDeps): UploadForm {
  return { label: '', notification: Object.keys(settings.notifications)[0] ?? '', channel: 'sms', csv: '' }
}

async function overview({ stores, settings }: RouteDeps, form: UploadForm, problem?: string): Promise<PageData> {
  return {
    title: 'Notifications from a file',
    section: 'notifications',
    kinds: Object.keys(settings.notifications),
    mailings: await stores.mailings.recent(20),
    maxRows: MAX_ROWS,
    // What did not fit would not fit into the page either.
    form: form.csv.length > 20_000 ? { ...form, csv: '' } : form,
    problem,
  }
}

function uploadRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/mailings', { config: { needs: 'operator' }, bodyLimit: MAX_BYTES }, async (request, reply) => {
    const form = readInput(uploadForm, request.body)
    const read = readFile(form.csv)
    const problem = form.label === '' ? 'Say what it is called.' : read.kind === 'invalid' ? read.problem : undefined
    if (problem !== undefined) {
      return deps.pages.show(request, reply.code(422), 'mailings', await overview(deps, form, problem))
    }
    // The same file under the same name is the same mailing, whoever sends it and however often.
    const id = derivedId('mailing', form.label, form.notification, form.channel, form.csv)
    await deps.stores.mailings.upload(id, { ...form, uploadedAt: deps.now() })
    return reply.redirect(`/mailings/${id}/preview`, 303)
  })
}

function idOf(request: FastifyRequest): { id: string } {
  return readInput(z.object({ id: z.string().max(40) }), request.params)
}

async function uploaded(id: string, { stores, settings }: RouteDeps) {
  const upload = await stores.mailings.uploadOf(id)
  if (!upload) throw new Refusal(404, 'Not here any more', 'A file is kept for an hour. Load it again to look at it.')
  return { upload, rows: rowsOf(upload, settings) }
}

async function preview(request: FastifyRequest, deps: RouteDeps): Promise<PageData> {
  const { id } = idOf(request)
  const page = readPage(request.query)
  const { only } = readInput(z.object({ only: z.enum(['problems']).optional().catch(undefined) }), request.query)
  const { upload, rows } = await uploaded(id, deps)
  const wrong = rows.filter(({ problems }) => problems.length > 0)
  const listed = only === undefined ? rows : wrong
  const shown = listed.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
  const optedOut = await whoOptedOut(rows, deps)
  const hasMore = listed.length > (page + 1) * PAGE_SIZE
  return {
    title: `Look at “${upload.label}”`,
    lead: 'Nothing has been sent yet.',
    section: 'notifications',
    id,
    only,
    rows: shown.map((row) => ({ ...row, isOptedOut: optedOut.has(row.line) })),
    counts: {
      rows: rows.length,
      wrong: wrong.length,
      duplicates: rows.filter(({ duplicateOf }) => duplicateOf !== undefined).length,
      optedOut: optedOut.size,
      sends: rows.filter(isSent).length,
    },
    paging: { ...pageOf({ page, hasMore, path: `/mailings/${id}/preview`, query: { only } }), words: PAGE_WORDS },
  }
}

/** Lines whose person has opted out: theirs will be suppressed. */
async function whoOptedOut(rows: CheckedRow[], { stores }: RouteDeps): Promise<Set<number>> {
  const lines = await Promise.all(
    rows.map(async ({ line, message }) => {
      const isOut = message && (await stores.consent.isOptedOut(personId(message.contact)))
      return isOut ? [line] : []
    }),
  )
  return new Set(lines.flat())
}

function isSent({ message, duplicateOf }: CheckedRow): boolean {
  return message !== undefined && duplicateOf === undefined
}

function sendRoute(app: FastifyInstance, deps: RouteDeps): void {
  const { stores, now } = deps
  app.post('/mailings/:id/send', { config: { needs: 'operator' } }, async (request, reply) => {
    const { id } = idOf(request)
    const known = await stores.mailings.get(id)
    const { upload, rows } = await uploaded(id, deps)
    // The configuration may be another one since it was looked at.
    if (!known && rows.some(({ message }) => !message)) return reply.redirect(`/mailings/${id}/preview`, 303)
    if (!known) await trace(request, deps, { action: 'mailing.send', target: id, detail: upload.label })
    const sent = rows.filter(isSent)
    const mailing = await stores.mailings.begin({
      id,
      label: upload.label,
      by: sessionOf(request).name,
      sentAt: now(),
      rows: sent.map(({ line }) => ({ line, notificationId: notificationIdOf(id, line) })),
      duplicates: rows.length - sent.length,
    })
    await askRows(mailing, upload, deps)
    return reply.redirect(`/mailings/${id}`, 303)
  })
}

async function one(request: FastifyRequest, { stores }: RouteDeps): Promise<PageData> {
  const { id } = idOf(request)
  const page = readPage(request.query)
  const mailing = await stores.mailings.get(id)
  if (!mailing) throw notFound(`mailing ${id}`)
  const { rows, counts } = await lookAtMailing(mailing, stores.notifications)
  const hasMore = rows.length > (page + 1) * PAGE_SIZE
  return {
    title: mailing.label,
    section: 'notifications',
    mailing,
    counts,
    rows: rows.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
    paging: { ...pageOf({ page, hasMore, path: `/mailings/${id}`, query: {} }), words: PAGE_WORDS },
  }
}
