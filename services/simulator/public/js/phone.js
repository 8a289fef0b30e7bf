import { h, icon, announce } from './dom.js'
import { addressOn, channelNames, channels, hueOf, initialsOf, prettyAddress, timeOf } from './format.js'
import { renderBubble, senderTitle } from './bubble.js'
import { createCallScreen, startCall } from './call.js'
import { control, seen, store, subscribe, threadKey, threadOf, touch, typing, unreadOf } from './store.js'

/** Only the newest messages are in the page; earlier ones come on request. */
const WINDOW = 60

const switches = [
  { name: 'power', label: 'On', icon: 'power', hint: 'Phone is on' },
  { name: 'readReceipts', label: 'Receipts', icon: 'eye', hint: 'Sends read receipts' },
  { name: 'autoRead', label: 'Auto-read', icon: 'bolt', hint: 'Reads every message by itself' },
  { name: 'roaming', label: 'Roaming', icon: 'plane', hint: 'No service: messages are rejected' },
  { name: 'blocked', label: 'Blocked', icon: 'block', hint: 'This person has blocked us' },
]

/** One person's phone: a home screen with notifications, a thread per app, or a call. */
export function createPhone(personId, { onPick }) {
  const view = { screen: 'home', channel: null, callId: null, shown: WINDOW }
  let shownNotices = ''
  const taken = new Set()
  let callView = null
  const drafts = {}
  const screen = h('div.screen')
  const switchBar = h('div.switches', { role: 'group', 'aria-label': 'Switches' })
  const title = h('h3.phone-name')
  const element = h('article.phone', { dataset: { person: personId }, tabindex: '-1' }, title, h('div.device', {}, h('div.notch'), screen), switchBar)
  const person = () => store.people.get(personId)

  const go = (change) => {
    Object.assign(view, change)
    render()
  }
  const home = () => {
    go({ screen: 'home', channel: null })
    screen.querySelector('button')?.focus({ preventScroll: true })
  }
  /** Puts an open thread away: what comes now is seen as a notification. */
  const rest = () => view.screen === 'thread' && go({ screen: 'home', channel: null })
  const open = (channel, { isTyping = true } = {}) => {
    go({ screen: 'thread', channel, shown: WINDOW })
    if (isTyping) screen.querySelector('textarea')?.focus({ preventScroll: true })
    announce(`${channelNames[channel]} of ${person().name}`)
  }
  const call = async () => {
    const { number } = person()
    if (number === null) return
    const { uuid } = await control('POST', '/calls', { from: number })
    go({ screen: 'call', callId: uuid })
    startCall(uuid)
  }

  const renderTitle = () => {
    const { name, number, messenger } = person()
    title.replaceChildren(name, h('span', {}, prettyAddress(number ?? messenger)))
  }
  const renderSwitches = () => {
    const { switches: state, id } = person()
    switchBar.replaceChildren(
      ...switches.map(({ name, label, icon: glyph, hint }) =>
        h(
          'button.switch',
          {
            type: 'button',
            title: hint,
            'aria-pressed': String(state[name]),
            dataset: { switch: name },
            onclick: () => control('PUT', `/phones/${id}/switches`, { [name]: !person().switches[name] }),
          },
          icon(glyph, 15),
          label,
        ),
      ),
    )
    element.classList.toggle('is-off', !state.power)
  }

  function render() {
    renderTitle()
    renderSwitches()
    element.dataset.screen = view.screen
    if (!person().switches.power) {
      screen.replaceChildren(h('div.off', {}, icon('power', 34), h('p', {}, 'This phone is off')))
      return
    }
    const rendered = view.screen === 'thread' ? threadScreen() : view.screen === 'call' ? callScreen() : homeScreen()
    screen.replaceChildren(rendered)
    scrollDown()
    if (view.screen === 'thread') markSeen()
  }

  function homeScreen() {
    const { name } = person()
    const notices = noticesNow()
    shownNotices = signatureOf(notices)
    return h(
      'div.home',
      { style: `--hue:${hueOf(name)}` },
      statusBar(),
      h('p.home-clock.now', {}, timeOf(new Date())),
      h('p.home-date', {}, new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date())),
      h(
        'ul.notices',
        { 'aria-label': 'Notifications' },
        notices.map((message) =>
          h(
            'li',
            {},
            h(
              'button.notice',
              { type: 'button', onclick: () => open(message.channel) },
              h('span.app-icon', { class: `app-${message.channel}` }, icon(message.channel, 18)),
              h('span.notice-text', {}, h('b', {}, channelNames[message.channel]), h('span', {}, message.text || message.type)),
              h('time', {}, timeOf(message.at)),
            ),
          ),
        ),
      ),
      dock(),
    )
  }

  function noticesNow() {
    const latest = channels.flatMap((channel) => unreadOf(channel, addressOn(person(), channel) ?? '').slice(-4))
    return latest.sort((a, b) => b.at.localeCompare(a.at)).slice(0, 4)
  }

  /** What the home screen depends on: drawing it anew for nothing is what makes a busy page slow. */
  function signatureOf(notices) {
    const counts = channels.map((channel) => unreadOf(channel, addressOn(person(), channel) ?? '').length)
    return JSON.stringify([notices.map(({ id }) => id), counts])
  }

  function dock() {
    return h(
      'div.dock',
      {},
      channels
        .filter((channel) => addressOn(person(), channel) !== null)
        .map((channel) => {
          const count = unreadOf(channel, addressOn(person(), channel)).length
          return h(
            'button.app',
            { type: 'button', dataset: { channel }, onclick: () => open(channel) },
            h('span.app-icon', { class: `app-${channel}` }, icon(channel, 26)),
            h('span.app-name', {}, channelNames[channel]),
            count > 0 ? h('span.badge', {}, count > 99 ? '99+' : count, h('span.visually-hidden', {}, ' unread')) : null,
          )
        }),
      person().number === null
        ? null
        : h(
            'button.app',
            { type: 'button', 'aria-label': 'Call our number', dataset: { channel: 'call' }, onclick: call },
            h('span.app-icon.app-call', {}, icon('phone', 26)),
            h('span.app-name', {}, 'Call'),
          ),
    )
  }

  function threadScreen() {
    const { channel } = view
    const sender = store.state.account.senders[channel]
    return h(
      'div.thread',
      { class: `thread-${channel}` },
      statusBar(),
      h(
        'header.thread-head',
        {},
        h('button.back', { type: 'button', 'aria-label': 'Back to the home screen', onclick: home }, icon('back', 22)),
        h('span.contact-icon', {}, icon(channel, 18)),
        h('span.contact', {}, h('b', {}, channel === 'viber_service' || channel === 'sms' ? senderTitle(channel, sender) : 'Switchboard'), h('small', {}, contactLine(channel, sender))),
      ),
      bubbles(),
      composer(),
    )
  }

  function bubbles() {
    const messages = currentThread()
    const hidden = messages.length - view.shown
    const list = h('ol.bubbles', { 'aria-live': 'polite', 'aria-label': `${channelNames[view.channel]} messages` })
    // Pictures arrive after their bubble and push it out of sight.
    list.addEventListener('load', scrollDown, true)
    if (hidden > 0) {
      list.append(h('li.earlier', {}, h('button', { type: 'button', onclick: () => go({ shown: view.shown + 200 }) }, `${hidden} earlier messages`)))
    }
    if (messages.length === 0) list.append(h('li.empty', {}, emptyHint(view.channel)))
    for (const message of messages.slice(-view.shown)) list.append(bubble(message))
    if ((typing.get(currentKey()) ?? 0) > Date.now()) list.append(h('li.row.row-theirs.typing', {}, h('div.bubble.theirs', {}, h('i'), h('i'), h('i'))))
    return list
  }

  const bubble = (message) => renderBubble(message, { onPick, onButton: press })
  const currentKey = () => threadKey(view.channel, addressOn(person(), view.channel))
  const currentThread = () => threadOf(view.channel, addressOn(person(), view.channel))

  function press(message, button) {
    const body =
      button.kind === 'quick-reply'
        ? { button: { payload: button.value, text: button.title }, quoted: message.id }
        : { reply: { id: button.value, title: button.title }, quoted: message.id }
    return control('POST', `/phones/${message.channel}/${message.address}/messages`, { ...body, to: message.sender })
  }

  function composer() {
    const { channel } = view
    const field = h('textarea', {
      rows: '1',
      placeholder: channel === 'sms' ? 'Text message' : 'Message',
      'aria-label': `Message on ${channelNames[channel]}`,
      maxlength: '3200',
      onkeydown: (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
        event.preventDefault()
        form.requestSubmit()
      },
      oninput: () => {
        drafts[channel] = field.value
        form.classList.toggle('has-text', field.value.trim() !== '')
      },
    })
    field.value = drafts[channel] ?? ''
    const problem = h('p.problem', { role: 'alert' })
    const form = h(
      'form.composer',
      {
        class: field.value ? 'has-text' : '',
        onsubmit: async (event) => {
          event.preventDefault()
          const text = field.value.trim()
          if (text === '') return
          field.value = ''
          delete drafts[channel]
          try {
            await control('POST', `/phones/${channel}/${addressOn(person(), channel)}/messages`, { text })
            problem.textContent = ''
          } catch (error) {
            problem.textContent = error.message
            field.value = text
          }
        },
      },
      channel === 'sms' ? null : attachMenu(channel, problem),
      field,
      h('button.send', { 'aria-label': 'Send' }, icon('send', 20)),
      problem,
    )
    return form
  }

  /** What people send besides text. */
  function attachMenu(channel, problem) {
    const last = currentThread().findLast(({ direction, status }) => direction === 'in' && ['delivered', 'read'].includes(status))
    const choices = [['Picture', 'image', { type: 'image', url: `${location.origin}/static/icon.svg` }]]
    if (channel === 'whatsapp') choices.push(['Location', 'pin', { location: { lat: 51.5007, long: -0.1246, name: 'Westminster' } }])
    if (channel === 'whatsapp' && last) choices.push(['Reaction', 'heart', { reaction: { emoji: '❤️', to: last.id } }])
    const send = async (body) => {
      menu.open = false
      try {
        await control('POST', `/phones/${channel}/${addressOn(person(), channel)}/messages`, body)
      } catch (error) {
        problem.textContent = error.message
      }
    }
    const menu = h(
      'details.attach',
      {},
      h('summary', { 'aria-label': 'Attach' }, icon('plus', 20)),
      h('div.attach-menu', {}, choices.map(([text, glyph, body]) => h('button', { type: 'button', onclick: () => send(body) }, icon(glyph, 17), text))),
    )
    return menu
  }

  function callScreen() {
    callView = createCallScreen(view.callId, { person: person(), onHome: () => go({ screen: 'home', callId: null }), onAgain: call, statusBar })
    return callView.element
  }

  function statusBar() {
    const { switches: state } = person()
    return h('div.status-bar', { 'aria-hidden': 'true' }, h('span.now', {}, timeOf(new Date())), h('span.signal', {}, state.roaming ? 'No service' : '5G', h('i.battery')))
  }

  function scrollDown() {
    const list = screen.querySelector('.bubbles')
    if (list) list.scrollTop = list.scrollHeight
  }

  /** Keeps the elements that are there: a busy thread only gets what is new or has changed. */
  function updateThread() {
    const list = screen.querySelector('.bubbles')
    const messages = currentThread().slice(-view.shown)
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
    if ((typing.get(currentKey()) ?? 0) > Date.now() && messages.at(-1)?.direction === 'out') list.append(h('li.row.row-theirs.typing', {}, h('div.bubble.theirs', {}, h('i'), h('i'), h('i'))))
    if (isAtEnd) scrollDown()
    markSeen()
  }

  /** The application calls this person: the phone shows it and joins with sound. */
  function takeIncoming() {
    const incoming = [...store.calls.values()].find(
      (one) => one.direction === 'outbound' && one.to === person().number && one.endedAt === null && !taken.has(one.uuid),
    )
    if (!incoming) return
    taken.add(incoming.uuid)
    go({ screen: 'call', callId: incoming.uuid })
    startCall(incoming.uuid)
  }

  /** An open thread on a visible page is read. */
  let readTimer
  function markSeen() {
    if (document.visibilityState !== 'visible') return
    const address = addressOn(person(), view.channel)
    const fresh = unreadOf(view.channel, address)
    if (fresh.length === 0) return
    seen(fresh)
    touch('badges')
    clearTimeout(readTimer)
    const { channel } = view
    readTimer = setTimeout(() => void control('POST', `/phones/${channel}/${address}/read`, {}), 120)
  }

  const stop = subscribe((changed) => {
    if (!store.people.has(personId)) return
    const channelOf = view.channel && changed.has(currentKey())
    if (changed.has('people') || changed.has('state')) {
      renderTitle()
      renderSwitches()
      const isOffShown = screen.querySelector('.off') !== null
      if (isOffShown === person().switches.power) render()
    }
    if (view.screen === 'thread' && channelOf) screen.querySelector('.bubbles') ? updateThread() : render()
    else if (view.screen === 'home' && changed.has('badges') && person().switches.power && signatureOf(noticesNow()) !== shownNotices) render()
    else if (view.screen === 'call' && changed.has('calls')) callView?.update()
    if (changed.has('calls')) takeIncoming()
  })
  document.addEventListener('visibilitychange', () => view.screen === 'thread' && markSeen())
  render()
  return { element, personId, home, rest, open, call, stop, focus: () => element.focus(), initials: () => initialsOf(person().name) }
}

function contactLine(channel, sender) {
  if (channel === 'whatsapp') return prettyAddress(sender)
  if (channel === 'messenger') return `Page ${sender}`
  return channel === 'viber_service' ? 'Business account' : 'Text message'
}

function emptyHint(channel) {
  if (channel === 'whatsapp' || channel === 'messenger') return 'Write first: that opens the 24-hour window in which answers may come.'
  return 'Nothing here yet. Try “hello”.'
}
