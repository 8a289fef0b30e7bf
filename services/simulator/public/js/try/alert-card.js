import { announce, h, icon } from '../dom.js'
import { control, store } from '../store.js'
import { button } from './card.js'
import { createWalk } from './walk.js'

const POLL_MS = 1_000
/** An alert that nobody looked at can still be seen late; then it is asked for less often. */
const LATE_POLL_MS = 4_000

/** The demo alert: started here, and watched while it walks. */
export function createAlertCard({ stage, onWatch }) {
  let polling
  let shown
  const problem = h('p.problem', { role: 'alert' })
  const start = button('Start the demo alert', () => void begin(), 'main')
  const cancel = button('Cancel it', () => void control('DELETE', '/try/alert').then(poll))
  const ringingNow = () => shown?.people.find(({ steps }) => steps.some(({ state }) => state === 'ringing'))
  /** Where phones and panel do not fit beside each other. */
  const reveal = button('', () => showPhone(ringingNow()?.name, true), 'soft.only-small')
  const walk = createWalk({ onStrip: onWatch, onPhone: (name) => showPhone(name, true) })
  const actions = h('div.alert-actions', {}, start)
  const intro = h(
    'div.alert-intro',
    {},
    h('span.card-icon.big', {}, icon('bell', 24)),
    h('h2', {}, 'An alert that walks until somebody looks'),
    h('p', {}, 'It rings at Tony’s, then at Michael’s, 15 seconds on each channel. Open the message on a phone, and it stops.'),
  )
  const element = h('section.alert-card', { dataset: { try: 'alert' }, 'aria-label': 'Demo alert' }, intro, walk.element, actions, problem)
  document.querySelector('.layout').append(walk.strip)

  const personOf = (name) => [...store.people.values()].find((person) => person.name === name)
  function showPhone(name, isAsked = false) {
    const person = personOf(name)
    if (!person) return
    if (isAsked) stage.reveal()
    stage.show(person.id)
  }

  async function begin() {
    problem.textContent = ''
    start.disabled = true
    try {
      // Who has the thread open has read the alert before anybody sees it ring.
      for (const person of store.people.values()) stage.get(person.id)?.rest()
      show(await control('POST', '/try/alert'))
    } catch (error) {
      problem.textContent = error.message
    }
    start.disabled = false
  }

  function show(view) {
    const isNew = shown?.headline !== view.headline || shown.id !== view.id
    shown = view
    const ringing = ringingNow()
    intro.hidden = true
    walk.show(view)
    start.textContent = 'Start another'
    if (ringing) reveal.textContent = `Show ${ringing.name}’s phone`
    actions.replaceChildren(...(view.state === 'walking' ? [reveal, cancel] : [start]))
    if (isNew && ringing) showPhone(ringing.name)
    if (isNew) announce(view.headline)
    stage.ring(ringing && personOf(ringing.name)?.id)
    clearTimeout(polling)
    if (view.state === 'walking') polling = setTimeout(poll, POLL_MS)
    if (view.state === 'exhausted') polling = setTimeout(poll, LATE_POLL_MS)
  }

  async function poll() {
    try {
      const { walk: view } = await control('GET', '/try/alert')
      problem.textContent = ''
      if (view) show(view)
    } catch (error) {
      problem.textContent = error.message
      polling = setTimeout(poll, LATE_POLL_MS)
    }
  }
  void poll()
  return element
}
