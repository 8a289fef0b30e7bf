import type { RedisExamination } from '@switchboard/runtime'

import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'

const SLOW_MS = 5
const VERY_SLOW_MS = 50
const NEARLY_FULL = 0.8
const RIGHT_HZ = 100
const RIGHT_LISTPACK_BYTES = 1_024

/** What a Redis must be for Switchboard to keep its word, and what makes it quicker. */
export function judgeRedis({ facts, hz, listpackBytes, latencyMs }: RedisExamination): Finding[] {
  return [
    judgeVersion(facts.version),
    judgePolicy(facts.policy),
    facts.keepsOnRestart
      ? ok('Redis appendonly', 'yes: a restart loses nothing')
      : warning('Redis appendonly', 'no: what was accepted is lost when Redis restarts', 'Set appendonly yes.'),
    judgeMemory(facts.usedBytes, facts.maxBytes),
    judgeHz(hz),
    judgeListpack(listpackBytes),
    judgeLatency(latencyMs),
  ]
}

function judgeVersion(version: string): Finding {
  const major = Number.parseInt(version, 10)
  if (Number.isNaN(major)) return warning('Redis version', 'it does not say', 'Make sure that it is 7 or newer.')
  return major >= 7
    ? ok('Redis version', version)
    : failure('Redis version', `${version} is too old`, 'Switchboard needs Redis 7 or newer, or Valkey.')
}

function judgePolicy(policy: string): Finding {
  const about = 'Redis maxmemory-policy'
  if (policy === '') return warning(about, 'it does not say', 'Make sure that it is noeviction.')
  return policy === 'noeviction'
    ? ok(about, policy)
    : failure(about, `${policy}: a full Redis throws messages away`, 'Set maxmemory-policy noeviction.')
}

function judgeMemory(usedBytes: number, maxBytes: number): Finding {
  const used = `${Math.ceil(usedBytes / 2 ** 20)} MB`
  if (maxBytes === 0) return ok('Redis memory', `${used} used, no limit`)
  const says = `${used} used of ${Math.ceil(maxBytes / 2 ** 20)} MB`
  return usedBytes < maxBytes * NEARLY_FULL
    ? ok('Redis memory', says)
    : warning('Redis memory', says, 'A full Redis takes no more messages. Raise maxmemory, or shorten retention.')
}

function judgeHz(hz: number | undefined): Finding {
  if (hz === undefined) return ok('Redis hz', 'it does not say')
  return hz >= RIGHT_HZ
    ? ok('Redis hz', String(hz))
    : warning('Redis hz', `${hz}: every timer is up to ${Math.round(1_000 / hz)} ms late`, `Set hz ${RIGHT_HZ}.`)
}

function judgeListpack(bytes: number | undefined): Finding {
  const about = 'Redis hash-max-listpack-value'
  if (bytes === undefined) return ok(about, 'it does not say')
  const todo = `Set hash-max-listpack-value ${RIGHT_LISTPACK_BYTES}.`
  return bytes >= RIGHT_LISTPACK_BYTES
    ? ok(about, String(bytes))
    : warning(about, `${bytes}: timers take more memory than they need`, todo)
}

function judgeLatency(latencyMs: number): Finding {
  const says = `${latencyMs.toFixed(1)} ms for a round trip`
  if (latencyMs < SLOW_MS) return ok('Redis latency', says)
  const todo = 'Run Redis in the same network, on a machine that is not overloaded.'
  return latencyMs < VERY_SLOW_MS ? warning('Redis latency', says, todo) : failure('Redis latency', says, todo)
}
