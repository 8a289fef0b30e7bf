import { signingSecret } from '@switchboard/tokens'
import type { SampleRate } from '@switchboard/vonage'
import { z } from 'zod'

const SOCKET_PATH = '/socket'

/** How calls are answered. */
export const voiceEnvironment = {
  /** The echo service as Vonage reaches it: `wss://`, or `ws://` for the simulator. */
  ECHO_URL: z
    .url({ protocol: /^wss?$/ })
    .default('ws://127.0.0.1:3000')
    .transform(withSocketPath),
  /** Spoken before the echo begins, so within the 60 s that its token lives; `ECHO_LANGUAGE` is a BCP 47 tag. */
  ECHO_GREETING: z.string().max(500).default('Please wait while we connect you to the echo server'),
  ECHO_LANGUAGE: z
    .string()
    .regex(/^[a-z]{2,3}(-\w+)*$/i)
    .default('en-US'),
  /** Spoken when there is no echo. */
  ECHO_APOLOGY: z
    .string()
    .min(1)
    .max(1_500)
    .default('Sorry, the echo service cannot be reached. Please call again later.'),
  ECHO_RATE: z.enum(['8000', '16000', '24000']).default('16000'),
  /** Shared with the echo service; `SESSION_SECRET` if unset. */
  ECHO_TOKEN_SECRET: signingSecret.optional(),
}

type VoiceConfig = z.output<z.ZodObject<typeof voiceEnvironment>> & { SESSION_SECRET: string }

export interface VoiceSettings {
  socketUrl: string
  greeting: string
  apology: string
  language: string
  sampleRate: SampleRate
  tokenSecret: string
}

export function voiceSettingsOf(config: VoiceConfig): VoiceSettings {
  return {
    socketUrl: config.ECHO_URL,
    greeting: config.ECHO_GREETING,
    apology: config.ECHO_APOLOGY,
    language: config.ECHO_LANGUAGE,
    sampleRate: sampleRates[config.ECHO_RATE],
    tokenSecret: config.ECHO_TOKEN_SECRET ?? config.SESSION_SECRET,
  }
}

const sampleRates = { 8000: 8000, 16000: 16000, 24000: 24000 } as const satisfies Record<SampleRate, SampleRate>

/** The echo service serves one path; naming it is optional. */
function withSocketPath(address: string): string {
  const url = new URL(address)
  if (url.pathname === '/') url.pathname = SOCKET_PATH
  return url.href
}
