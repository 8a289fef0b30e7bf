import { h, icon } from '../dom.js'
import { createCard } from './card.js'

/** The pages of operators, in a tab of their own. A form, because the server answers with a way in that is good once. */
function createConsoleCard({ name, to, ...words }) {
  const action = h(
    'form',
    { method: 'post', action: '/try/console', target: '_blank' },
    h('input', { type: 'hidden', name: 'to', value: to }),
    h('button.try-button.soft', { 'aria-label': `Open: ${words.title}` }, 'Open', icon('away', 14)),
  )
  return createCard({ name, action, ...words }).element
}

export function createConsoleCards() {
  return [
    createConsoleCard({
      name: 'console',
      to: '/',
      glyph: 'board',
      title: 'The console',
      hint: 'Alerts, messages, people and follow-ups. You are logged in already.',
    }),
    createConsoleCard({
      name: 'queues',
      to: '/queues/',
      glyph: 'queue',
      title: 'The queues',
      hint: 'Every job that did all this, in Bull Board.',
    }),
  ]
}
