import type { Call } from './call.ts'
import type { InputAction, Ncco } from './ncco.ts'
import { common, type PerformDeps } from './perform-deps.ts'

interface Collected {
  digits: string
  isTimedOut: boolean
  /** What was said; null when nothing was, in time. */
  said: string | null
}

const KEYS_TIMEOUT_SECONDS = 3
const SPEECH_TIMEOUT_SECONDS = 10

/** Waits for keys or for words, whichever comes first, and tells the application. */
export async function collectInput(call: Call, action: InputAction, deps: PerformDeps): Promise<Ncco | null> {
  const kinds = action.type ?? (action.speech && !action.dtmf ? ['speech'] : ['dtmf'])
  const [hearsKeys, hearsWords] = [kinds.includes('dtmf'), kinds.includes('speech')]
  const collected = await listen(call, action, { hearsKeys, hearsWords }, deps)
  call.onDigit = null
  call.onSpeech = null
  call.speaksMs = 0
  if (call.hangUp.signal.aborted) return null
  const body = {
    ...common(call),
    ...(hearsKeys ? { dtmf: { digits: collected.digits, timed_out: collected.isTimedOut } } : {}),
    ...(hearsWords ? { speech: speechOf(collected) } : {}),
  }
  return deps.events.ask(call, body, action.eventUrl?.[0], action.eventMethod)
}

function listen(
  call: Call,
  { dtmf = {}, speech = {} }: InputAction,
  { hearsKeys, hearsWords }: { hearsKeys: boolean; hearsWords: boolean },
  { clock }: Pick<PerformDeps, 'clock'>,
): Promise<Collected> {
  const { timeOut = KEYS_TIMEOUT_SECONDS, maxDigits = 4, submitOnHash = false } = dtmf
  const { startTimeout = SPEECH_TIMEOUT_SECONDS } = speech
  const patienceMs = Math.max(hearsKeys ? timeOut : 0, hearsWords ? startTimeout : 0) * 1_000
  const digits: string[] = []
  return new Promise((resolve) => {
    const finish = (isTimedOut: boolean, said: string | null = null) => {
      cancel()
      resolve({ digits: digits.join(''), isTimedOut, said })
    }
    const cancel = clock.after(call.speaksMs + patienceMs, () => finish(true))
    if (hearsWords) call.onSpeech = (text) => finish(false, text)
    if (hearsKeys) {
      call.onDigit = (digit) => {
        if (submitOnHash && digit === '#') finish(false)
        else if (digits.push(digit) >= maxDigits) finish(false)
      }
    }
    call.hangUp.signal.addEventListener('abort', () => finish(false))
    call.skip.signal.addEventListener('abort', () => finish(false))
  })
}

function speechOf({ said, isTimedOut }: Collected): Record<string, unknown> {
  if (said !== null) {
    return { timeout_reason: 'end_on_silence_timeout', results: [{ text: said, confidence: '0.95' }] }
  }
  return isTimedOut ? { timeout_reason: 'start_timeout' } : { results: [] }
}
