import { z } from 'zod'

export const voiceLanguage = z.string().regex(/^[a-z]{2,3}(-\w+)*$/i, 'must be a language such as en-GB')

/** Which of the voices of a language speaks: Vonage counts them from 0. */
export const voiceStyle = z.int().min(0).max(100)

export interface Voice {
  /** BCP 47, such as `en-GB`. */
  language: string
  style?: number
}

interface VoiceWishes {
  language?: string | undefined
  style?: number | undefined
}

/** Who speaks in a phone call: the voice of the one who is called, else the configured one. A style belongs to its language. */
export function voiceOf(own: VoiceWishes | undefined, calls: Voice): Voice {
  const language = own?.language ?? calls.language
  const style = own?.style ?? (own?.language === undefined ? calls.style : undefined)
  return { language, ...(style === undefined ? {} : { style }) }
}
