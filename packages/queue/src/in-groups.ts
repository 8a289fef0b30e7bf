import type { Enqueue } from '@switchboard/contracts'
/** How long a job waits for the answer to those before it: much longer than one takes, unless Redis hangs. */
const MAX_WAIT_MS = 50

/**
 * What comes while Redis is answering waits for the answer and then leaves together, in one system call each way: under
 * load a job costs half. A lone one waits for nobody. Each has its own answer: one that Redis refuses is the only one to
 * hear of it.
 */
export function inGroups<Payload>(producer: Enqueue<Payload>): Enqueue<Payload> {
  let underWay = 0
  let next: Group | undefined
  const sendNext = () => {
    next?.leave()
    next = undefined
  }
  return {
    async enqueue(payload) {
      if (underWay > 0) await (next ??= createGroup(sendNext)).left
      underWay += 1
      try {
        await producer.enqueue(payload)
      } finally {
        underWay -= 1
        if (underWay === 0) sendNext()
      }
    },
  }
}

interface Group {
  left: Promise<void>
  leave: () => void
}

function createGroup(onTimeout: () => void): Group {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(onTimeout, MAX_WAIT_MS)
  return {
    left: promise,
    leave() {
      clearTimeout(timer)
      resolve()
    },
  }
}
