/** How many records are asked for together: one wait for Redis instead of as many. */
const BATCH = 100

export interface Look {
  /** How many of the list were looked at before. */
  from: number
  /** How many are wished. */
  limit: number
  /** How many are looked at, so that a rare answer takes several calls instead of long: hundreds. */
  atMost: number
}

/**
 * What fits of a list, in its order, and where to go on; `next` undefined at the end. `page` answers ids from an offset on, and
 * fewer than wished at the end; `read` nothing for what does not fit.
 */
export async function lookThrough<Found>(
  page: (offset: number, limit: number) => Promise<string[]>,
  read: (id: string) => Promise<Found | undefined>,
  { from, limit, atMost }: Look,
): Promise<{ found: Found[]; next: number | undefined }> {
  const found: Found[] = []
  for (let at = from; at < from + atMost; at += BATCH) {
    const ids = await page(at, BATCH)
    const batch = await Promise.all(ids.map(read))
    for (const [index, each] of batch.entries()) {
      if (found.length === limit) return { found, next: at + index }
      if (each !== undefined) found.push(each)
    }
    if (ids.length < BATCH) return { found, next: undefined }
  }
  return { found, next: from + atMost }
}
