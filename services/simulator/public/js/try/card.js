import { h, icon } from '../dom.js'
import { store } from '../store.js'

/** One thing to try: what it is, what will happen, its button, and below what has happened. */
export function createCard({ name, glyph, title, hint, action }) {
  const said = h('p.card-said', { role: 'status' })
  const more = h('div.card-more')
  const problem = h('p.problem', { role: 'alert' })
  const element = h(
    'li.card',
    { dataset: { try: name } },
    h('span.card-icon', {}, icon(glyph, 18)),
    h('div.card-text', {}, h('h3', {}, title), h('p.card-hint', {}, hint), said, more, problem),
    action,
  )
  return {
    element,
    say: (text) => {
      if (said.textContent !== text) said.textContent = text
    },
    /** Buttons for what comes next. */
    offer: (...buttons) => more.replaceChildren(...buttons),
    /** Does it, and says why where it cannot be done. */
    async attempt(act) {
      problem.textContent = ''
      try {
        return await act()
      } catch (error) {
        problem.textContent = error.message
        return undefined
      }
    },
  }
}

export const button = (text, onclick, kind = 'soft') => h(`button.try-button.${kind}`, { type: 'button', onclick }, text)

/** The customer of the example people. */
export function customer() {
  const people = [...store.people.values()]
  return people.find(({ name }) => name === 'Alice') ?? people.find(({ number }) => number !== null)
}
