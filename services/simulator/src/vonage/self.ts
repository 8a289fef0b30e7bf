/** Where the simulator itself can be reached: what it hands out leads there, as Vonage's own addresses lead to Vonage. */
export interface Self {
  /** Without a slash at the end. */
  url(): string
  /** Told once it listens. */
  listens(at: string): void
}

/** `given` is how the application reaches it, where that is not the address it listens on: behind a container's name. */
export function createSelf(given?: string): Self {
  let current = (given ?? 'http://127.0.0.1:9200').replace(/\/+$/, '')
  return {
    url: () => current,
    listens(at) {
      if (given === undefined) current = at.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1')
    },
  }
}
