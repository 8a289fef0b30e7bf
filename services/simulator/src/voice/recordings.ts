import { randomUUID } from 'node:crypto'

import { createTone, wavOf } from './audio.ts'
import type { Call } from './call.ts'
import type { Ncco, RecordAction } from './ncco.ts'
import { addLine, type PerformDeps } from './perform-deps.ts'

export interface Recordings {
  keep(id: string, wav: Buffer): void
  get(id: string): Buffer | null
  reset(): void
}

type EventTarget = Pick<RecordAction, 'eventUrl' | 'eventMethod'>

const KEPT = 100
const RATE = 16_000
const LONGEST_TONE_SECONDS = 60
/** Nobody hears silence here: the person is taken to stop speaking after a moment. */
const SPEAKS_SECONDS = 2

export function createRecordings(): Recordings {
  const kept = new Map<string, Buffer>()
  return {
    keep(id, wav) {
      kept.set(id, wav)
      const [oldest] = kept.keys()
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    },
    get: (id) => kept.get(id) ?? null,
    reset: () => kept.clear(),
  }
}

/**
 * With a key, silence or a time that ends it, the next action waits for it; without, it goes on to the end of the
 * call. Then the application is told where to fetch it.
 */
export async function record(call: Call, action: RecordAction, deps: PerformDeps): Promise<Ncco | null> {
  const finish = startRecording(call, action, deps)
  if (action.endOnKey === undefined && action.endOnSilence === undefined && action.timeOut === undefined) {
    call.atEnd.push(() => void finish())
    return null
  }
  await untilEnded(call, action, deps)
  return finish()
}

/** What comes back ends it and tells the application where to fetch it. */
export function startRecording(call: Call, told: EventTarget, deps: PerformDeps): () => Promise<Ncco | null> {
  const recorder = startRecorder(call)
  addLine(call, 'action', 'recording', deps)
  return () => report(call, told, recorder.stop(), deps)
}

function untilEnded(call: Call, action: RecordAction, { clock }: Pick<PerformDeps, 'clock'>): Promise<void> {
  const silenceMs = action.endOnSilence === undefined ? Infinity : (SPEAKS_SECONDS + action.endOnSilence) * 1_000
  const longestMs = (action.timeOut ?? 7_200) * 1_000
  return new Promise((resolve) => {
    const finish = () => {
      cancel()
      call.onDigit = null
      resolve()
    }
    const cancel = clock.after(Math.min(silenceMs, longestMs), finish)
    call.onDigit = (digit) => digit === action.endOnKey && finish()
    for (const { signal } of [call.hangUp, call.skip]) signal.addEventListener('abort', finish, { once: true })
  })
}

async function report(
  call: Call,
  told: EventTarget,
  { wav, startedAt, endedAt }: ReturnType<ReturnType<typeof startRecorder>['stop']>,
  deps: PerformDeps,
): Promise<Ncco | null> {
  const id = randomUUID()
  deps.recordings.keep(id, wav)
  const body = {
    start_time: startedAt,
    recording_url: `${deps.self.url()}/v1/files/${id}`,
    size: wav.length,
    recording_uuid: id,
    end_time: endedAt,
    conversation_uuid: call.conversationUuid,
    timestamp: endedAt,
  }
  return deps.events.ask(call, body, told.eventUrl?.[0], told.eventMethod)
}

/** Takes what the caller sends where that is audio, into an application's socket; else a tone of the same length. */
function startRecorder(call: Call) {
  const startedAt = Date.now()
  const frames: Buffer[] = []
  const tap = (frame: Buffer) => void frames.push(frame)
  call.taps.add(tap)
  return {
    stop() {
      call.taps.delete(tap)
      const endedAt = Date.now()
      // 20 ms of 16-bit samples.
      const rate = frames[0] ? frames[0].length * 25 : RATE
      const pcm = frames.length > 0 ? Buffer.concat(frames) : toneOf((endedAt - startedAt) / 1_000)
      return {
        wav: wavOf(pcm, rate),
        startedAt: new Date(startedAt).toISOString(),
        endedAt: new Date(endedAt).toISOString(),
      }
    },
  }
}

function toneOf(seconds: number): Buffer {
  const next = createTone(RATE)
  const count = Math.ceil(Math.min(Math.max(seconds, 0.1), LONGEST_TONE_SECONDS) * 50)
  return Buffer.concat(Array.from({ length: count }, next))
}
