/** Cuts what the microphone gives into 20 ms of 16-bit samples. */
class Recorder extends AudioWorkletProcessor {
  constructor(options) {
    super()
    this.samples = options.processorOptions.samples
    this.frame = new Int16Array(this.samples)
    this.used = 0
  }

  process([input]) {
    for (const sample of input[0] ?? []) {
      this.frame[this.used] = Math.max(-1, Math.min(1, sample)) * 32_767
      this.used += 1
      if (this.used < this.samples) continue
      this.port.postMessage(this.frame.buffer, [this.frame.buffer])
      this.frame = new Int16Array(this.samples)
      this.used = 0
    }
    return true
  }
}

/** Plays frames as they come; what is more than 400 ms old is skipped, so that delay does not grow. */
class Player extends AudioWorkletProcessor {
  constructor() {
    super()
    this.queue = []
    this.queued = 0
    this.offset = 0
    this.port.onmessage = ({ data }) => {
      const frame = new Int16Array(data)
      this.queue.push(frame)
      this.queued += frame.length
      while (this.queued > sampleRate * 0.4) this.queued -= this.queue.shift().length
    }
  }

  process(_inputs, [[output]]) {
    for (let index = 0; index < output.length; index += 1) {
      const frame = this.queue[0]
      if (!frame) break
      output[index] = frame[this.offset] / 32_768
      this.offset += 1
      if (this.offset < frame.length) continue
      this.queued -= frame.length
      this.queue.shift()
      this.offset = 0
    }
    return true
  }
}

registerProcessor('recorder', Recorder)
registerProcessor('player', Player)
