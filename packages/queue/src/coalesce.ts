/** Beyond this a batch would keep Redis busy for longer than is good for others. */
const MAX_BATCH = 200

/**
 * Gathers what is added in the same turn of the event loop, so that it reaches Redis in one round trip. Whoever added
 * a part of a batch waits for the whole of it, and fails with it.
 */
export function coalesce<Item>(addAll: (items: Item[]) => Promise<unknown>): (item: Item) => Promise<void> {
  let open: { items: Item[]; added: Promise<unknown> } | undefined

  function openBatch() {
    const items: Item[] = []
    const turnIsOver = new Promise<void>((resolve) => void setImmediate(resolve))
    const batch = {
      items,
      added: turnIsOver.then(() => {
        if (open === batch) open = undefined
        return addAll(items)
      }),
    }
    return batch
  }

  return async (item) => {
    const batch = open && open.items.length < MAX_BATCH ? open : openBatch()
    open = batch
    batch.items.push(item)
    await batch.added
  }
}
