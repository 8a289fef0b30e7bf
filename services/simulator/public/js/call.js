import { h, icon } from './dom.js'
import { prettyAddress } from './format.js'
import { control, store, touch } from './store.js'

/** Calls that this page takes part in with its microphone and loudspeaker, by id. */
const sessions = new Map()

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

export function renderCall(uuid, { person, onHome, onAgain, statusBar }) {
  const call = store.calls.get(uuid)
  const session = sessions.get(uuid)
  const frames = call?.frames
  const isOver = Boolean(call?.endedAt)
  const spoken = (call?.lines ?? []).filter((line) => line.kind === 'talk').at(-1)
  return h(
    'div.call',
    { dataset: { state: call?.state ?? 'started' } },
    statusBar(),
    h('p.call-state', { role: 'status' }, stateText(call)),
    h('p.call-peer', {}, 'Switchboard'),
    h('p.call-number', {}, prettyAddress((call?.direction === 'outbound' ? call.from : call?.to) ?? '')),
    spoken ? h('p.caption', {}, `“${spoken.text}”`) : h('p.caption'),
    h(
      'div.meters',
      {},
      meter('You', session?.levels.out ?? 0, session?.isMicrophone ? 'microphone' : 'test tone'),
      meter('Echo', session?.levels.in ?? 0, frames?.roundTripMs ? `${frames.roundTripMs.p50} ms` : '–'),
    ),
    frames
      ? h(
          'dl.figures',
          {},
          figure('sent', frames.sent),
          figure('back', frames.echoed),
          figure('lost', frames.lost),
          figure('p99', frames.roundTripMs ? `${frames.roundTripMs.p99} ms` : '–'),
        )
      : h('dl.figures'),
    isOver
      ? h('div.call-actions', {}, h('button.round.answer', { type: 'button', 'aria-label': 'Call again', onclick: onAgain }, icon('phone', 26)), h('button.round.neutral', { type: 'button', 'aria-label': 'Close', onclick: onHome }, icon('close', 26)))
      : h(
          'div.call-controls',
          {},
          h('div.keypad', { role: 'group', 'aria-label': 'Keypad' }, keys.map((key) => h('button', { type: 'button', onclick: () => control('POST', `/calls/${uuid}/dtmf`, { digits: key }) }, key))),
          h('button.round.hangup', { type: 'button', 'aria-label': 'Hang up', onclick: () => control('DELETE', `/calls/${uuid}`) }, icon('hangup', 28)),
        ),
    h('p.visually-hidden', {}, `Call from ${person.name}`),
  )
}

function meter(label, level, hint) {
  return h(
    'div.meter',
    {},
    h('span.meter-label', {}, label),
    h('div.meter-bar', { role: 'meter', 'aria-label': `${label} level`, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': String(Math.round(level * 100)) }, h('i', { style: `--level:${level.toFixed(3)}` })),
    h('span.meter-hint', {}, hint),
  )
}

const figure = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, String(value)))

function stateText(call) {
  if (!call) return 'Calling…'
  if (call.endedAt) return call.state === 'completed' ? 'Call ended' : `Call ${call.state}`
  if (call.state !== 'answered') return call.direction === 'outbound' ? 'Incoming call…' : call.state === 'ringing' ? 'Ringing…' : 'Calling…'
  return call.frames && !call.frames.end ? 'Connected to the echo' : 'In call'
}

/** Joins a call with sound: the microphone if it may be used, the test tone otherwise. */
export function startCall(uuid) {
  const session = { levels: { out: 0, in: 0 }, isMicrophone: false, audio: null, spoken: 0 }
  sessions.set(uuid, session)
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/calls/${uuid}/audio`)
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', (event) => {
    if (typeof event.data !== 'string') {
      session.audio?.play(event.data)
      return
    }
    const message = JSON.parse(event.data)
    if (message.kind === 'format') void openAudio(session, socket, message.rate)
    if (message.kind !== 'levels') return
    // Falls more slowly than it rises, as meters do.
    session.levels = { out: Math.max(message.out, session.levels.out * 0.8), in: Math.max(message.in, session.levels.in * 0.8) }
    store.calls.set(uuid, message.call)
    speak(session, message.call)
    touch('calls')
  })
  socket.addEventListener('close', () => {
    session.levels = { out: 0, in: 0 }
    session.audio?.close()
    touch('calls')
  })
}

/** Reads aloud what the application says, where the browser can. */
function speak(session, call) {
  const said = call.lines.filter((line) => line.kind === 'talk')
  for (const { text } of said.slice(session.spoken)) globalThis.speechSynthesis?.speak(new SpeechSynthesisUtterance(text))
  session.spoken = said.length
}

async function openAudio(session, socket, rate) {
  session.audio?.close()
  const context = new AudioContext({ sampleRate: rate })
  await context.audioWorklet.addModule('/static/js/audio-worklet.js')
  const player = new AudioWorkletNode(context, 'player')
  player.connect(context.destination)
  let stream
  session.audio = {
    play: (data) => player.port.postMessage(data, [data]),
    close() {
      for (const track of stream?.getTracks() ?? []) track.stop()
      void context.close().catch(() => {})
    },
  }
  try {
    const constraints = { audio: { echoCancellation: true, noiseSuppression: false, autoGainControl: false } }
    stream = await navigator.mediaDevices.getUserMedia(constraints)
    const recorder = new AudioWorkletNode(context, 'recorder', { processorOptions: { samples: rate / 50 } })
    recorder.port.onmessage = ({ data }) => socket.readyState === WebSocket.OPEN && socket.send(data)
    context.createMediaStreamSource(stream).connect(recorder)
    session.isMicrophone = true
  } catch {
    // No microphone, or it may not be used: the simulator sends its tone.
    session.isMicrophone = false
  }
}
