import type { Voice } from '@switchboard/contracts'

/** Actions of a Nexmo call control object, as far as Switchboard uses them (reference: "NCCO actions used here"). */
export type NccoAction = TalkAction | InputAction | ConnectAction
export type Ncco = NccoAction[]

interface TalkAction {
  action: 'talk'
  text: string
  language?: string
  style?: number
  bargeIn?: true
}

interface InputAction {
  action: 'input'
  type: ['dtmf']
  dtmf: { maxDigits: 1; timeOut: number }
  eventUrl: [string]
  eventMethod: 'POST'
}

interface ConnectAction {
  action: 'connect'
  eventType: 'synchronous'
  eventUrl?: [string]
  from?: string
  endpoint: [
    {
      type: 'websocket'
      uri: string
      'content-type': `audio/l16;rate=${SampleRate}`
      headers: Record<string, string>
      authorization: { type: 'custom'; value: string }
    },
  ]
}

export type SampleRate = 8000 | 16000 | 24000

export interface EchoCall {
  /** Spoken before the caller is connected. Nothing is spoken when it is empty. */
  greeting: string
  /** BCP 47, such as `en-GB`. */
  language: string
  /** The `wss://` address of the echo service. */
  socketUrl: string
  sampleRate: SampleRate
  /** Names the call; the echo service asks for it at the handshake. */
  token: string
  /** Sent to the echo service in its first frame: the ids of the call. At most 512 bytes as JSON. */
  headers: Record<string, string>
  /** One of our numbers: the one that was called. */
  from?: string | undefined
  /** Where the events of the WebSocket leg go, instead of to the application's event URL. */
  eventUrl?: string | undefined
}

const MAX_HEADERS_BYTES = 512
/** Of the text of a talk action. */
const MAX_TALK_LENGTH = 1500
/** Whoever was asleep needs a while; Vonage takes 10 at most. */
const KEY_SECONDS = 10

/** Greets the caller and connects the call to the echo service. Throws when the headers are too large for Vonage. */
export function echoNcco(call: EchoCall): Ncco {
  if (Buffer.byteLength(JSON.stringify(call.headers)) > MAX_HEADERS_BYTES) {
    throw new RangeError(`the headers of a WebSocket endpoint are limited to ${MAX_HEADERS_BYTES} bytes`)
  }
  const greeting = call.greeting === '' ? [] : [talk(call.greeting, call)]
  return [...greeting, connect(call)]
}

/** Says something, then ends the call. */
export function sayNcco({ text, ...voice }: Voice & { text: string }): Ncco {
  return [talk(text, voice)]
}

/** Says something and waits for one key, which may be pressed meanwhile. */
export function askNcco({ text, keysUrl, ...voice }: Voice & { text: string; keysUrl: string }): Ncco {
  return [
    { ...talk(text, voice), bargeIn: true },
    {
      action: 'input',
      type: ['dtmf'],
      dtmf: { maxDigits: 1, timeOut: KEY_SECONDS },
      eventUrl: [keysUrl],
      eventMethod: 'POST',
    },
  ]
}

function talk(text: string, { language, style }: Voice): TalkAction {
  return {
    action: 'talk',
    text: text.slice(0, MAX_TALK_LENGTH),
    language,
    ...(style === undefined ? {} : { style }),
  }
}

function connect({ socketUrl, sampleRate, headers, token, from, eventUrl }: EchoCall): ConnectAction {
  return {
    action: 'connect',
    // So that a leg that fails or closes asks us how to go on.
    eventType: 'synchronous',
    ...(eventUrl === undefined ? {} : { eventUrl: [eventUrl] }),
    ...(from === undefined ? {} : { from }),
    endpoint: [
      {
        type: 'websocket',
        uri: socketUrl,
        'content-type': `audio/l16;rate=${sampleRate}`,
        headers,
        authorization: { type: 'custom', value: `Bearer ${token}` },
      },
    ],
  }
}
