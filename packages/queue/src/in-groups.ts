/** Adds jobs as a producer does. */
export interface Enqueue<Payload> {
  /** Resolves once Redis has the job. */
  enqueue(payload: Payload): Promise<void>
}

/**
 * What comes while Redis is answering waits for the answer and then leaves together, in one system call each way: under
 * load a job costs half. A lone one waits for nobody. Each has its own answer: one that Redis refuses is the only one to
 * hear of it. Where Redis hangs, a job fails after twice the time a command may take.
 */
export function inGroups<Payload>(producer: Enqueue<Payload>): Enqueue<Payload> {
  let underWay = 0
  let next: PromiseWithResolvers<void> | undefined
  return {
    async enqueue(payload) {
      if (underWay > 0) await (next ??= Promise.withResolvers<void>()).promise
      underWay += 1
      try {
        await producer.enqueue(payload)
      } finally {
        underWay -= 1
        if (underWay === 0) {
          next?.resolve()
          next = undefined
        }
      }
    },
  }
}
