export const FRAME_MS = 20

/** Bytes of one frame: 20 ms of 16-bit mono. */
export function frameBytes(rate: number): number {
  return (rate / 1_000) * FRAME_MS * 2
}

/**
 * A quiet tone that swells and fades. Its lowest bits are noise, so that no two frames are alike: a frame that comes
 * back can be told from its neighbours.
 */
export function createTone(rate: number, frequency = 440): () => Buffer {
  let sample = 0
  let noise = 1
  const samples = frameBytes(rate) / 2
  return () => {
    const frame = Buffer.allocUnsafe(samples * 2)
    for (let index = 0; index < samples; index += 1) {
      const seconds = sample / rate
      const swell = 0.55 + 0.45 * Math.sin(2 * Math.PI * 0.4 * seconds)
      noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff
      const value = Math.sin(2 * Math.PI * frequency * seconds) * swell * 6_000
      frame.writeInt16LE((Math.round(value) & ~7) | ((noise >> 16) & 7), index * 2)
      sample += 1
    }
    return frame
  }
}

/** Loudness from 0 to 1 as a meter shows it: root mean square on a scale of 60 dB. */
export function levelOf(frame: Buffer): number {
  const samples = frame.length / 2
  if (samples === 0) return 0
  let sum = 0
  for (let offset = 0; offset + 1 < frame.length; offset += 2) sum += frame.readInt16LE(offset) ** 2
  const decibels = 20 * Math.log10(Math.sqrt(sum / samples) / 32_768 || 1e-9)
  return Math.min(1, Math.max(0, 1 + decibels / 60))
}

/** 16-bit mono samples as a WAV file. */
export function wavOf(pcm: Buffer, rate: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + pcm.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(pcm.length, 40)
  return Buffer.concat([header, pcm])
}
