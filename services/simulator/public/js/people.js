import { h, icon } from './dom.js'
import { addressOn, channels, hueOf, initialsOf, prettyAddress } from './format.js'
import { control, incomingOf, store, subscribe, unreadOf } from './store.js'

/** The list of people, and the field that makes a new phone. */
export function mountPeople({ onToggle, isShown }) {
  const list = document.getElementById('people')
  const form = document.getElementById('new-phone')
  const problem = document.getElementById('new-problem')

  const countUnread = (person) =>
    channels.reduce((sum, channel) => sum + unreadOf(channel, addressOn(person, channel) ?? '').length, 0)
  const rings = (person) => incomingOf(person)?.answeredAt === null
  let drawn = ''
  const render = () => {
    const wanted = JSON.stringify([...store.people.values()].map((person) => [person, countUnread(person), rings(person), isShown(person.id)]))
    if (wanted === drawn) return
    drawn = wanted
    const focused = document.activeElement?.dataset?.person
    list.replaceChildren(
      ...[...store.people.values()].map((person) => {
        const unread = countUnread(person)
        return h(
          'li',
          {},
          h(
            'button.person',
            { type: 'button', dataset: { person: person.id }, 'aria-pressed': String(isShown(person.id)), onclick: () => onToggle(person.id) },
            h('span.avatar', { style: `--hue:${hueOf(person.name)}`, class: person.switches.power ? '' : 'off' }, initialsOf(person.name)),
            h('span.person-text', {}, ...namesOf(person)),
            rings(person) ? h('span.badge', { role: 'img', 'aria-label': 'rings' }, icon('phone', 12)) :
            unread > 0 ? h('span.badge', { 'aria-label': `${unread} unread` }, unread > 99 ? '99+' : unread) : null,
          ),
        )
      }),
    )
    if (focused) list.querySelector(`[data-person="${focused}"]`)?.focus()
  }
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = [...list.querySelectorAll('button')]
    buttons[buttons.indexOf(document.activeElement) + step]?.focus()
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const field = form.elements.number
    try {
      const person = await control('POST', '/people', givenAddress(field.value))
      store.people.set(person.id, person)
      field.value = ''
      problem.textContent = ''
      onToggle(person.id, true)
    } catch (error) {
      problem.textContent = error.message
    }
  })
  subscribe((changed) => {
    if (changed.has('people') || changed.has('badges') || changed.has('calls') || changed.has('stage')) render()
  })
  render()
}

/** Whoever has no name is called by their number, once. */
function namesOf(person) {
  const address = prettyAddress(person.number ?? person.messenger ?? person.userId)
  const isNamed = person.name !== `+${person.number}` && person.name !== address
  return isNamed
    ? [h('span.person-name', {}, person.name), h('span.person-number', {}, address)]
    : [h('span.person-name', {}, address)]
}

/** A number however it is written, or a user id of WhatsApp. */
function givenAddress(text) {
  const isUserId = /^\s*[A-Z]{2}\./.test(text)
  return isUserId ? { userId: text.trim() } : { number: text.replaceAll(/[\s+()-]/g, '') }
}
