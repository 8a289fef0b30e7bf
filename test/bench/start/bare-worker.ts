// The least that any worker of ours is: Node, BullMQ, ioredis, the contracts.
import { flushCompileCache } from 'node:module'

import { queues } from '@switchboard/contracts'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

const [url = ''] = process.argv.slice(2)
const connection = new Redis(url, { maxRetriesPerRequest: null })
const worker = new Worker(`bare-${Object.keys(queues).length}`, async () => undefined, { connection })
await worker.waitUntilReady()
// It is not asked to end, and its next start shall find what it has compiled.
flushCompileCache()
process.send?.({})
