import { h, icon } from './dom.js'
import { linkify, prettyAddress, timeOf } from './format.js'

const oneTick = ['submitted', 'sent']
const twoTicks = ['delivered', 'read']

/** One tick: on its way. Two: arrived. Two in colour: read. */
function ticks(status) {
  if (oneTick.includes(status)) return icon('tick', 14)
  if (twoTicks.includes(status)) return icon('ticks', 16)
  return status === 'accepted' ? '◷' : '!'
}

/** Not on the phone: it never got there. */
const isGhost = ({ direction, status }) =>
  direction === 'in' && ['accepted', 'submitted', 'rejected', 'undeliverable'].includes(status)

/** One message as the app of its channel would show it. `onPick` gets the message when its status is pressed. */
export function renderBubble(message, { onPick, onButton }) {
  const ghost = isGhost(message)
  const own = message.direction === 'out'
  const bubble = h(
    'div.bubble',
    { class: [own ? 'own' : 'theirs', ghost && 'ghost', message.type === 'reaction' && 'reaction'].filter(Boolean).join(' ') },
    message.quoted ? h('div.quote', {}, 'In reply to an earlier message') : null,
    message.template ? h('div.template-tag', { title: `Template ${message.template.name}` }, 'Template', message.template.locale ? ` · ${message.template.locale}` : '') : null,
    media(message),
    attached(message),
    message.text && !message.location && !message.contacts ? h('p.text', {}, linkify(message.text).map(textPart)) : null,
    meta(message, onPick),
  )
  const row = h('li.row', { class: own ? 'row-own' : 'row-theirs', dataset: { id: message.id, status: message.status } }, bubble)
  if (message.buttons?.length && !own) row.append(buttons(message, onButton, ghost))
  if (ghost && message.error) {
    row.append(h('p.ghost-note', {}, `${message.status} · ${message.error.code} ${message.error.detail}`))
  }
  if (ghost && !message.error) row.append(h('p.ghost-note', {}, 'on its way'))
  if (message.status === 'failed') row.append(h('p.ghost-note', {}, 'the application did not take it'))
  return row
}

function textPart(part) {
  return typeof part === 'string' ? part : h('a', { href: part.url, target: '_blank', rel: 'noopener noreferrer' }, part.url)
}

function meta(message, onPick) {
  const history = (message.history ?? []).map(({ status, at }) => `${status} ${timeOf(at)}`).join('\n')
  return h(
    'button.meta',
    { type: 'button', title: `${history}\nShow what Vonage did`, onclick: () => onPick(message), 'aria-label': `${message.status}, show what Vonage did` },
    h('time', {}, timeOf(message.at)),
    h('span.ticks', { class: `ticks-${message.status}` }, ticks(message.status)),
    message.direction === 'in' ? h('span.state-word', {}, message.status) : null,
  )
}

function media(message) {
  const { media: file } = message
  if (!file) return null
  if (file.kind === 'image' || file.kind === 'sticker') {
    return h('img.media', { src: file.url, alt: message.text || 'Picture', loading: 'lazy', referrerpolicy: 'no-referrer' })
  }
  return h('a.attachment', { href: file.url, target: '_blank', rel: 'noopener noreferrer' }, icon('file', 18), file.name ?? file.kind)
}

/** What is neither a text nor a file: where somebody is, whom they know, what they order, what they filled in. */
function attached({ location, contacts, order, flow, binary }) {
  if (location) return h('div.location', {}, icon('pin', 15), location.name ?? `${location.lat}, ${location.long}`)
  if (contacts) return h('div.location', {}, icon('person', 15), contacts.map(contactLine).join(', '))
  if (order) return h('div.location', {}, icon('cart', 15), `Order of ${order.product_items?.length ?? 0} products`)
  if (flow) return h('pre.flow-answer', {}, JSON.stringify(flow, null, 1))
  return binary ? h('pre.flow-answer', {}, `${binary.udh} ${binary.data}`) : null
}

const contactLine = ({ name, phones }) => [name?.formatted_name ?? 'somebody', phones?.[0]?.phone].filter(Boolean).join(' · ')

const buttonIcons = { url: 'link', call: 'phone', copy: 'copy', flow: 'board', order: 'cart', location: 'pin' }

function buttons(message, onButton, ghost) {
  const links = { url: (value) => value, call: (value) => `tel:${value}` }
  return h(
    'div.buttons',
    {},
    message.buttons.map((button) => {
      const glyph = buttonIcons[button.kind] ? icon(buttonIcons[button.kind], 15) : null
      const href = links[button.kind]?.(button.value)
      if (href) return h('a.bubble-button', { href, target: '_blank', rel: 'noopener noreferrer' }, glyph, button.title)
      const more = button.description ? h('small', {}, button.description) : null
      return h('button.bubble-button', { type: 'button', disabled: ghost, onclick: () => onButton(message, button) }, glyph, button.title, more)
    }),
  )
}

export const senderTitle = (channel, sender) => (channel === 'messenger' ? `Page ${sender}` : prettyAddress(sender))
