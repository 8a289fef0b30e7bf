/** Vonage sends one frame per 20 ms: linear PCM, 16 bits, mono. */
const FRAME_MS = 20
const BYTES_PER_SAMPLE = 2
const CONTENT_TYPE = /^audio\/l16; ?rate=(?<rate>8000|16000|24000)$/i

export interface AudioFormat {
  sampleRate: number
  /** The exact size of every frame, in both directions: Vonage drops a call whose frames have another size. */
  frameBytes: number
}

/** The format named by `audio/l16;rate=16000`; undefined for one that Vonage does not offer. */
export function parseAudioFormat(contentType: string): AudioFormat | undefined {
  const rate = CONTENT_TYPE.exec(contentType)?.groups?.['rate']
  if (!rate) return undefined
  const sampleRate = Number(rate)
  return { sampleRate, frameBytes: (sampleRate / 1_000) * FRAME_MS * BYTES_PER_SAMPLE }
}
