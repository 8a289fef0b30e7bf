import { PermanentError } from '@switchboard/contracts'
import { Worker } from 'bullmq'
import type { Job, JobJson } from 'bullmq'

/** How long a worker that found nothing waits for Redis to say that there is something: shorter than a connection may be silent. */
export const BLOCK_SECONDS = 3

/** What BullMQ's worker leaves to whoever extends it. */
export class JobWorker extends Worker {
  /** BullMQ's own limit, for a worker that knows when the next delayed job is due, is 10 s. */
  override get maximumBlockTimeout(): number {
    return BLOCK_SECONDS
  }

  /** BullMQ would forget that it has taken a job that it cannot read: stalled ten times, it would fail minutes later. */
  protected override createJob(json: JobJson, jobId: string): Job {
    return super.createJob(
      isJson(json.data) ? json : { ...json, data: JSON.stringify({ [NOT_JSON]: json.data }) },
      jobId,
    )
  }
}

const NOT_JSON = 'notJson'

/** Throws PermanentError for a job whose payload is not JSON, and makes it one that can be looked at. */
export async function assertReadable(job: Job): Promise<void> {
  const payload: unknown = job.data
  if (typeof payload !== 'object' || payload === null || !(NOT_JSON in payload)) return
  await job.updateData(payload)
  throw new PermanentError(`The payload of ${job.queueName} ${job.id} is not JSON`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text || '{}')
    return true
  } catch {
    return false
  }
}
