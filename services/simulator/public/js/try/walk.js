import { h, icon } from '../dom.js'
import { hueOf, initialsOf } from '../format.js'

const TICK_MS = 200
const RADIUS = 26
const CIRCUMFERENCE = 2 * Math.PI * RADIUS

const marks = {
  waiting: { words: 'not yet' },
  ringing: { words: 'rings now' },
  unanswered: { glyph: 'none', words: 'no answer' },
  refused: { glyph: 'close', words: 'could not be reached' },
  seen: { glyph: 'tick', words: 'seen' },
}

/** The walk of an alert, drawn: who is being contacted, for how long, who was and who comes next. */
export function createWalk({ onStrip, onPhone }) {
  const ring = createRing()
  const headline = h('h2.walk-headline')
  const sub = h('p.walk-sub')
  const people = h('ol.walk-people')
  const advice = h('p.walk-advice')
  const element = h('div.walk', { hidden: true }, h('div.walk-head', {}, ring.element, h('div', {}, headline, sub)), people, advice)
  /** On a small screen, above the phones. */
  const strip = h('button.walk-strip', { type: 'button', hidden: true, onclick: onStrip })
  let view
  let receivedAt = 0
  let drawn = ''

  function tick() {
    if (!view) return
    const leftMs = Math.max(0, view.remainingMs - (performance.now() - receivedAt))
    const isWalking = view.state === 'walking'
    const seconds = Math.ceil(leftMs / 1_000)
    ring.show({ state: view.state, seconds, share: view.stepMs > 0 ? leftMs / view.stepMs : 0 })
    setText(sub, isWalking ? `Next in ${seconds} s: ${view.next}` : endings[view.state])
    setText(strip, isWalking ? `${view.headline} · ${seconds} s` : view.headline)
  }

  function show(next) {
    view = next
    receivedAt = performance.now()
    element.hidden = false
    element.dataset.state = view.state
    strip.hidden = false
    strip.dataset.state = view.state
    setText(headline, view.headline)
    const wanted = JSON.stringify(view.people)
    if (wanted !== drawn) {
      drawn = wanted
      people.replaceChildren(...view.people.map((person) => personRow(person, onPhone)))
    }
    const ringing = view.people.find(({ steps }) => steps.some(({ state }) => state === 'ringing'))
    setText(advice, ringing ? `Open the message on ${ringing.name}’s phone to have it, or wait and watch it move on.` : '')
    tick()
  }
  setInterval(tick, TICK_MS)
  return { element, strip, show }
}

const endings = {
  attended: 'The walk is over, and who was contacted is told.',
  exhausted: 'The list is at its end. Opening one of the messages still counts.',
  cancelled: 'Nobody else is contacted.',
}

function personRow({ name, steps }, onPhone) {
  const isRinging = steps.some(({ state }) => state === 'ringing')
  return h(
    'li.walk-person',
    { class: isRinging ? 'is-ringing' : '', dataset: { name } },
    h('button.walk-name', { type: 'button', onclick: () => onPhone(name), title: `Show ${name}’s phone` }, h('span.avatar', { style: `--hue:${hueOf(name)}`, 'aria-hidden': 'true' }, initialsOf(name)), name),
    h('ul.walk-steps', {}, steps.map(stepChip)),
  )
}

function stepChip({ channel, label, state, reason }) {
  const { glyph, words } = marks[state]
  return h(
    'li.walk-step',
    { dataset: { state }, title: reason ?? words },
    icon(glyph ?? channel, 14),
    label,
    h('span.visually-hidden', {}, `: ${words}`),
  )
}

/** What is left of the step, as an arc and in seconds. */
function createRing() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 60 60')
  svg.setAttribute('aria-hidden', 'true')
  const circles = ['track', 'arc'].map((name) => {
    const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle')
    for (const [key, value] of Object.entries({ cx: 30, cy: 30, r: RADIUS, class: name })) circle.setAttribute(key, value)
    svg.append(circle)
    return circle
  })
  const center = h('span.ring-center', { 'aria-hidden': 'true' })
  circles[1].style.strokeDasharray = String(CIRCUMFERENCE)
  let drawn = ''
  return {
    element: h('div.ring', {}, svg, center),
    show({ state, seconds, share }) {
      circles[1].style.strokeDashoffset = String(CIRCUMFERENCE * (state === 'walking' ? 1 - share : 0))
      const wanted = state === 'walking' ? String(seconds) : state
      if (wanted === drawn) return
      drawn = wanted
      center.replaceChildren(state === 'walking' ? String(seconds) : icon(glyphs[state], 26))
    },
  }
}

const glyphs = { attended: 'tick', exhausted: 'none', cancelled: 'close' }

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}
