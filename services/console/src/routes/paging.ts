import { z } from 'zod'

/** Deeper than anybody clicks; the search finds what lies behind. */
const MAX_PAGE = 10_000

const query = z.object({ page: z.coerce.number().int().min(0).max(MAX_PAGE).catch(0) })

export interface Paging {
  page: number
  previous: string | undefined
  next: string | undefined
}

/** From 0. */
export function readPage(from: unknown): number {
  return query.safeParse(from).data?.page ?? 0
}

export function pageOf({
  page,
  hasMore,
  path,
  query,
}: {
  page: number
  hasMore: boolean
  path: string
  query: Record<string, string | undefined>
}): Paging {
  const link = (to: number) => {
    const given = Object.entries({ ...query, page: to === 0 ? undefined : String(to) }).filter(
      (part): part is [string, string] => part[1] !== undefined && part[1] !== '',
    )
    return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
  }
  return { page, previous: page > 0 ? link(page - 1) : undefined, next: hasMore ? link(page + 1) : undefined }
}
