import { contactId, ERASED, messagePack, packQueues, queues } from '@switchboard/contracts'
import type { Contact, MessagePack, QueueName } from '@switchboard/contracts'
import type { Job, JobType, Queue } from 'bullmq'

import type { RedisConnection } from './connection.ts'
import { openQueue } from './open-queue.ts'

const FINISHED: JobType[] = ['completed', 'failed']
const UNFINISHED: JobType[] = ['waiting', 'prioritized', 'delayed']
const PAGE_SIZE = 500

/** Their jobs are about many people (or carry the request to erase itself): only what is finished is removed. */
const SHARED = new Set<QueueName>(['feed-refresh', 'feed-fanout', 'alert-request', 'alert-step', 'erase-request'])

/** A person leaves a pack, and the others stay. */
const PACKS = new Set<string>(Object.values(packQueues).map(({ name }) => name))

export interface JobEraser extends AsyncDisposable {
  /** Removes every job about these contacts that is not running. Returns how many. */
  erase(contacts: Contact[]): Promise<number>
}

/** Takes a person out of all queues, the jobs that are kept for inspection included. */
export function createJobEraser(redis: RedisConnection): JobEraser {
  const opened = queues.map(({ name }) => {
    const isShared = SHARED.has(name) || PACKS.has(name)
    return { queue: openQueue(name, redis), states: isShared ? FINISHED : [...UNFINISHED, ...FINISHED] }
  })
  return {
    async erase(contacts) {
      let erased = 0
      for (const { queue, states } of opened) {
        for (const state of states) erased += await eraseIn(queue, state, contacts)
        if (PACKS.has(queue.name)) erased += await eraseInPacks(queue, contacts)
      }
      return erased
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map(({ queue }) => queue.close()))
    },
  }
}

async function eraseIn(queue: Queue, state: JobType, contacts: Contact[]): Promise<number> {
  const found: string[] = []
  for (let start = 0; ; start += PAGE_SIZE) {
    const jobs = await queue.getJobs([state], start, start + PAGE_SIZE - 1, true)
    if (jobs.length === 0) break
    found.push(...jobs.flatMap((job) => namedIn(job, contacts)))
  }
  for (const jobId of found) await queue.remove(jobId)
  return found.length
}

/** The others of a pack still get theirs. One that is running has asked for consent already, or is about to. */
async function eraseInPacks(queue: Queue, contacts: Contact[]): Promise<number> {
  let erased = 0
  for (const state of UNFINISHED) {
    for (let start = 0; ; start += PAGE_SIZE) {
      const jobs = await queue.getJobs([state], start, start + PAGE_SIZE - 1, true)
      if (jobs.length === 0) break
      for (const job of jobs.filter((each) => namedIn(each, contacts).length > 0)) {
        await job.updateData(withoutRecipients(messagePack.parse(job.data), contacts))
        erased += 1
      }
    }
  }
  return erased
}

function withoutRecipients(pack: MessagePack, contacts: Contact[]): MessagePack {
  const gone = new Set(contacts.filter(({ channel }) => channel === pack.channel).map(({ address }) => address))
  return { ...pack, to: pack.to.map((recipient) => (gone.has(recipient) ? ERASED : recipient)) }
}

/** A job may be gone by the time it is read. */
function namedIn(job: Job | undefined, contacts: Contact[]): string[] {
  return job?.id !== undefined && mentions(job.data, contacts) ? [job.id] : []
}

/** Whether an address is one of the values of a payload, at any depth, or part of a raw webhook in it. */
export function mentions(value: unknown, contacts: Contact[]): boolean {
  if (typeof value === 'string') return contacts.some((contact) => isNamed(value, contact))
  if (Array.isArray(value)) return value.some((item) => mentions(item, contacts))
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((item) => mentions(item, contacts))
}

const RAW_WEBHOOK = /^[{[]|[=&]/

function isNamed(value: string, contact: Contact): boolean {
  if (value === contact.address || value === contactId(contact)) return true
  return RAW_WEBHOOK.test(value) && stands(value, contact.address)
}

/** Whether an address occurs as a whole: 447700900123 is not part of 4477009001234. */
function stands(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + address.length] ?? '')) return true
  }
  return false
}
