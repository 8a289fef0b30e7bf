import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

/** A BullMQ worker that does nothing, tells over IPC the lateness of every delayed job it got. */
const url = process.argv[2]
const name = process.argv[3]
if (!url || !name) throw new Error('usage: bare-worker.ts <redis url> <queue>')

const latenesses: number[] = []
const worker = new Worker(
  name,
  async (job) => {
    latenesses.push(Date.now() - (job.timestamp + (job.opts.delay ?? 0)))
  },
  { connection: new Redis(url, { maxRetriesPerRequest: null }), concurrency: 50, removeOnComplete: { count: 0 } },
)
await worker.waitUntilReady()
process.on('message', () => process.send?.(latenesses))
process.send?.('ready')
