import { h, icon } from '../dom.js'
import { threadOf } from '../store.js'

/** What people send besides text. `send` takes the body of a message and says what went wrong. */
export function attachMenu(channel, address, send) {
  const entry = ([text, glyph, body]) =>
    h(
      'button',
      {
        type: 'button',
        onclick: () => {
          menu.open = false
          send(body)
        },
      },
      icon(glyph, 17),
      text,
    )
  const list = h('div.attach-menu')
  // What can be reacted to is known when the menu opens.
  const fill = () => list.replaceChildren(...choicesOf(channel, address).map(entry))
  const menu = h('details.attach', { ontoggle: fill }, h('summary', { 'aria-label': 'Attach' }, icon('plus', 20)), list)
  return menu
}

function choicesOf(channel, address) {
  const picture = `${location.origin}/static/icon.svg`
  const choices = [['Picture', 'image', { type: 'image', url: picture }]]
  if (channel !== 'whatsapp') return choices
  const last = threadOf(channel, address).findLast(({ direction, status }) => direction === 'in' && ['delivered', 'read'].includes(status))
  const contact = { name: { formatted_name: 'Tony', first_name: 'Tony' }, phones: [{ phone: '+447700900011', type: 'MOBILE' }] }
  choices.push(
    ['Sticker', 'heart', { type: 'sticker', url: picture }],
    ['Location', 'pin', { location: { lat: 51.5007, long: -0.1246, name: 'Westminster' } }],
    ['Contact', 'person', { contacts: [contact] }],
  )
  if (last) choices.push(['Reaction', 'heart', { reaction: { emoji: '❤️', to: last.id } }])
  return choices
}
