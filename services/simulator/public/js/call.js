import { h, icon } from './dom.js'
import { prettyAddress } from './format.js'
import { control, store, touch } from './store.js'

/** Calls that this page takes part in with its microphone and loudspeaker, by id. */
const sessions = new Map()

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

/** The screen of a call. `update` changes what changed and leaves the buttons alone, so that they can be pressed. */
export function createCallScreen(uuid, { person, onHome, onAgain, statusBar }) {
  const state = h('p.call-state', { role: 'status' })
  const number = h('p.call-number')
  const caption = h('p.caption')
  const own = meter('You')
  const echo = meter('Echo')
  const meters = h('div.meters', {}, own.element, echo.element)
  const figures = h('dl.figures')
  const controls = h('div.call-bottom')
  const speech = speechForm(uuid)
  const element = h(
    'div.call',
    {},
    statusBar(),
    state,
    h('p.call-peer', {}, 'Switchboard'),
    number,
    caption,
    meters,
    figures,
    speech,
    controls,
    h('p.visually-hidden', {}, `Call of ${person.name}`),
  )
  const take = (by) => control('POST', `/calls/${uuid}/answer`, { by })
  const ringing = () => [
    h('button.round.answer', { type: 'button', 'aria-label': 'Answer', onclick: () => take('person') }, icon('phone', 26)),
    h('button.voicemail', { type: 'button', onclick: () => take('machine') }, 'Voicemail'),
    h('button.round.hangup', { type: 'button', 'aria-label': 'Decline', onclick: () => control('DELETE', `/calls/${uuid}`) }, icon('hangup', 28)),
  ]
  const talking = () => [
    h('div.keypad', { role: 'group', 'aria-label': 'Keypad' }, keys.map((key) => h('button', { type: 'button', onclick: () => control('POST', `/calls/${uuid}/dtmf`, { digits: key }) }, key))),
    h('button.round.hangup', { type: 'button', 'aria-label': 'Hang up', onclick: () => control('DELETE', `/calls/${uuid}`) }, icon('hangup', 28)),
  ]
  const over = () => [
    h('button.round.answer', { type: 'button', 'aria-label': 'Call again', onclick: onAgain }, icon('phone', 26)),
    h('button.round.neutral', { type: 'button', 'aria-label': 'Close', onclick: onHome }, icon('close', 26)),
  ]
  let shownPhase = null

  function update() {
    const call = store.calls.get(uuid)
    const session = sessions.get(uuid)
    const frames = call?.frames
    // Only a call to the echo has somebody who sends back what is heard.
    meters.hidden = call?.direction === 'outbound' && !frames
    const phase = phaseOf(call)
    const spoken = (call?.lines ?? []).filter((line) => line.kind === 'talk').at(-1)
    setText(state, stateText(call))
    setText(number, prettyAddress((call?.direction === 'outbound' ? call.from : call?.to) ?? ''))
    setText(caption, spoken ? `“${spoken.text}”` : '')
    own.show(session?.levels.out ?? 0, session?.isMicrophone ? 'microphone' : 'test tone')
    echo.show(session?.levels.in ?? 0, frames?.roundTripMs ? `${frames.roundTripMs.p50} ms` : '–')
    const shown = frames ? [['sent', frames.sent], ['back', frames.echoed], ['lost', frames.lost], ['p99', frames.roundTripMs ? `${frames.roundTripMs.p99} ms` : '–']] : []
    figures.replaceChildren(...shown.map(([name, value]) => figure(name, value)))
    speech.hidden = phase !== 'talking' || !call?.hearsSpeech
    if (phase === shownPhase) return
    shownPhase = phase
    controls.className = phase === 'talking' ? 'call-controls' : 'call-actions'
    controls.replaceChildren(...{ ringing, talking, over }[phase]())
  }
  update()
  return { element, update }
}

/** What the person says while the application listens: typed, because nothing here understands speech. */
function speechForm(uuid) {
  const field = h('input', { type: 'text', placeholder: 'Say something', 'aria-label': 'Say something', maxlength: '1000' })
  const submit = async (event) => {
    event.preventDefault()
    const text = field.value.trim()
    if (text === '') return
    field.value = ''
    await control('POST', `/calls/${uuid}/say`, { text })
  }
  return h('form.speech', { hidden: true, onsubmit: submit }, field, h('button.send', { 'aria-label': 'Say it' }, icon('mic', 18)))
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function meter(label) {
  const fill = h('i')
  const hint = h('span.meter-hint')
  const bar = h('div.meter-bar', { role: 'meter', 'aria-label': `${label} level`, 'aria-valuemin': '0', 'aria-valuemax': '100' }, fill)
  const show = (level, text) => {
    bar.setAttribute('aria-valuenow', String(Math.round(level * 100)))
    fill.style.setProperty('--level', level.toFixed(3))
    setText(hint, text)
  }
  show(0, '')
  return { element: h('div.meter', {}, h('span.meter-label', {}, label), bar, hint), show }
}

const figure = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, String(value)))

function phaseOf(call) {
  if (call?.endedAt) return 'over'
  return call?.direction === 'outbound' && !call.answeredAt ? 'ringing' : 'talking'
}

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
  for (const { text, language } of said.slice(session.spoken)) {
    const utterance = new SpeechSynthesisUtterance(text)
    utterance.lang = language ?? ''
    // What is said next takes the place of what was interrupted.
    globalThis.speechSynthesis?.cancel()
    globalThis.speechSynthesis?.speak(utterance)
  }
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
