import { h } from '../dom.js'
import { createAlertCard } from './alert-card.js'
import { createCallCard } from './call-card.js'
import { createConsoleCards } from './console-cards.js'
import { createFeedCard } from './feed-card.js'
import { createNotificationCard } from './notification-card.js'

/** What there is to try, in an order that works: each with what will happen. `onWatch` shows the panel where it is hidden. */
export function createTryPanel({ stage, onWatch }) {
  const element = h(
    'div.try',
    {},
    createAlertCard({ stage, onWatch }),
    h('ul.try-list', {}, createFeedCard(stage), createNotificationCard(stage), createCallCard(stage), createConsoleCards()),
    h('p.try-foot', {}, 'Everything here is simulated: no account, no real phone.'),
  )
  return { element, render: () => {} }
}
