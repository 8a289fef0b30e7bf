/** What was read a moment ago serves whoever asks meanwhile: many open pages cost as much as one. */
export function createRemembered<Value>(
  load: () => Promise<Value>,
  { maxAgeMs, now }: { maxAgeMs: number; now: () => number },
): () => Promise<Value> {
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<Value> | undefined
  return () => {
    if (!loading || now() - loadedAt >= maxAgeMs) {
      loadedAt = now()
      loading = load()
      loading.catch(() => {
        loading = undefined
      })
    }
    return loading
  }
}
