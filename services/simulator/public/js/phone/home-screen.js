import { h, icon } from '../dom.js'
import { addressOn, channelNames, channels, hueOf, timeOf } from '../format.js'
import { unreadOf } from '../store.js'

const today = () => new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date())

/** Clock, notifications and apps of a phone. */
export function homeScreen(person, { statusBar, onOpen, onCall }) {
  return h(
    'div.home',
    { style: `--hue:${hueOf(person.name)}` },
    statusBar(),
    h('p.home-clock.now', {}, timeOf(new Date())),
    h('p.home-date', {}, today()),
    h('ul.notices', { 'aria-label': 'Notifications' }, noticesOf(person).map((message) => h('li', {}, notice(message, onOpen)))),
    dock(person, { onOpen, onCall }),
  )
}

/** What the home screen depends on: drawing it anew for nothing is what makes a busy page slow. */
export function signatureOf(person) {
  const counts = channels.map((channel) => unreadOf(channel, addressOn(person, channel) ?? '').length)
  return JSON.stringify([noticesOf(person).map(({ id }) => id), counts])
}

function noticesOf(person) {
  const latest = channels.flatMap((channel) => unreadOf(channel, addressOn(person, channel) ?? '').slice(-4))
  return latest.sort((a, b) => b.at.localeCompare(a.at)).slice(0, 4)
}

function notice(message, onOpen) {
  return h(
    'button.notice',
    { type: 'button', onclick: () => onOpen(message.channel) },
    h('span.app-icon', { class: `app-${message.channel}` }, icon(message.channel, 18)),
    h('span.notice-text', {}, h('b', {}, channelNames[message.channel]), h('span', {}, message.text || message.type)),
    h('time', {}, timeOf(message.at)),
  )
}

function dock(person, { onOpen, onCall }) {
  const apps = channels.filter((channel) => addressOn(person, channel) !== null)
  return h('div.dock', {}, apps.map((channel) => app(person, channel, onOpen)), person.number === null ? null : callApp(onCall))
}

function app(person, channel, onOpen) {
  const count = unreadOf(channel, addressOn(person, channel)).length
  return h(
    'button.app',
    { type: 'button', dataset: { channel }, onclick: () => onOpen(channel) },
    h('span.app-icon', { class: `app-${channel}` }, icon(channel, 26)),
    h('span.app-name', {}, channelNames[channel]),
    count > 0 ? h('span.badge', {}, count > 99 ? '99+' : count, h('span.visually-hidden', {}, ' unread')) : null,
  )
}

function callApp(onCall) {
  return h(
    'button.app',
    { type: 'button', 'aria-label': 'Call our number', dataset: { channel: 'call' }, onclick: onCall },
    h('span.app-icon.app-call', {}, icon('phone', 26)),
    h('span.app-name', {}, 'Call'),
  )
}
