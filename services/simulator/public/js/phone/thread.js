import { renderBubble, senderTitle } from '../bubble.js'
import { h, icon } from '../dom.js'
import { addressOn, channelNames, prettyAddress } from '../format.js'
import { control, seen, store, threadKey, threadOf, touch, typing, unreadOf } from '../store.js'
import { createComposer } from './composer.js'
import { pressButton } from './press-button.js'

/** Only the newest messages are in the page; earlier ones come on request. */
const WINDOW = 60

/** One app of a phone, open at its thread with us. `update` draws what is new and leaves the rest alone. */
export function createThread(person, channel, { statusBar, drafts, onHome, onPick }) {
  const address = addressOn(person, channel)
  const key = threadKey(channel, address)
  let shown = WINDOW
  const sender = store.state.account.senders[channel]
  const list = h('ol.bubbles', { 'aria-live': 'polite', 'aria-label': `${channelNames[channel]} messages` })
  // Pictures arrive after their bubble and push it out of sight.
  list.addEventListener('load', scrollDown, true)
  const element = h('div.thread', { class: `thread-${channel}` }, statusBar(), head(channel, sender, onHome), list, createComposer(channel, address, drafts))
  const bubble = (message) => renderBubble(message, { onPick, onButton: (pressed, button) => pressButton(pressed, button, { over: element }) })
  const isTyping = () => (typing.get(key) ?? 0) > Date.now()

  function draw() {
    const messages = threadOf(channel, address)
    const hidden = messages.length - shown
    const rows = messages.slice(-shown).map(bubble)
    if (hidden > 0) rows.unshift(earlier(hidden))
    if (messages.length === 0) rows.push(h('li.empty', {}, emptyHint(channel)))
    if (isTyping()) rows.push(typingRow())
    list.replaceChildren(...rows)
    scrollDown()
  }

  function earlier(hidden) {
    const more = () => {
      shown += 200
      draw()
    }
    return h('li.earlier', {}, h('button', { type: 'button', onclick: more }, `${hidden} earlier messages`))
  }

  function scrollDown() {
    list.scrollTop = list.scrollHeight
  }

  /** Keeps the elements that are there: a busy thread only gets what is new or has changed. */
  function update() {
    const messages = threadOf(channel, address).slice(-shown)
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60
    const known = new Map([...list.querySelectorAll('.row[data-id]')].map((row) => [row.dataset.id, row]))
    list.querySelector('.empty')?.remove()
    list.querySelector('.typing')?.remove()
    let before = null
    for (const message of messages) {
      const row = known.get(message.id)
      known.delete(message.id)
      if (row && row.dataset.status === message.status) {
        before = row
        continue
      }
      const fresh = bubble(message)
      if (row) row.replaceWith(fresh)
      else if (before) before.after(fresh)
      else list.append(fresh)
      before = fresh
    }
    for (const row of known.values()) row.remove()
    if (isTyping() && messages.at(-1)?.direction === 'out') list.append(typingRow())
    if (isAtEnd) scrollDown()
    markSeen()
  }

  /** An open thread on a visible page is read. */
  let readTimer
  function markSeen() {
    if (document.visibilityState !== 'visible') return
    const fresh = unreadOf(channel, address)
    if (fresh.length === 0) return
    seen(fresh)
    touch('badges')
    clearTimeout(readTimer)
    readTimer = setTimeout(() => void control('POST', `/phones/${channel}/${address}/read`, {}), 120)
  }

  draw()
  return { element, key, update, markSeen, scrollDown, focus: () => element.querySelector('textarea')?.focus({ preventScroll: true }) }
}

function head(channel, sender, onHome) {
  const name = channel === 'viber_service' || channel === 'sms' ? senderTitle(channel, sender) : 'Switchboard'
  return h(
    'header.thread-head',
    {},
    h('button.back', { type: 'button', 'aria-label': 'Back to the home screen', onclick: onHome }, icon('back', 22)),
    h('span.contact-icon', {}, icon(channel, 18)),
    h('span.contact', {}, h('b', {}, name), h('small', {}, contactLine(channel, sender))),
  )
}

const typingRow = () => h('li.row.row-theirs.typing', {}, h('div.bubble.theirs', {}, h('i'), h('i'), h('i')))

function contactLine(channel, sender) {
  if (channel === 'whatsapp') return prettyAddress(sender)
  if (channel === 'messenger') return `Page ${sender}`
  return channel === 'viber_service' ? 'Business account' : 'Text message'
}

function emptyHint(channel) {
  if (channel === 'whatsapp' || channel === 'messenger') return 'Write first: that opens the 24-hour window in which answers may come.'
  return 'Nothing here yet. Try “hello”.'
}
