/** How many records are asked for together: one wait for Redis instead of as many. */
const BATCH = 100

/**
 * What fits of a list, in its order, and how many of it were looked at until `limit` were found. `read` answers nothing for
 * what does not fit.
 */
export async function lookThrough<Found>(
  ids: readonly string[],
  limit: number,
  read: (id: string) => Promise<Found | undefined>,
): Promise<{ found: Found[]; looked: number }> {
  const found: Found[] = []
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = await Promise.all(ids.slice(from, from + BATCH).map(read))
    for (const [index, each] of batch.entries()) {
      if (found.length === limit) return { found, looked: from + index }
      if (each !== undefined) found.push(each)
    }
  }
  return { found, looked: ids.length }
}
