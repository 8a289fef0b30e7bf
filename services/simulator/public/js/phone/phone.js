import { createCallScreen, startCall } from '../call.js'
import { announce, h, icon } from '../dom.js'
import { channelNames, initialsOf, prettyAddress, timeOf } from '../format.js'
import { control, incomingOf, store, subscribe } from '../store.js'
import { homeScreen, signatureOf } from './home-screen.js'
import { createSwitchBar } from './switch-bar.js'
import { createThread } from './thread.js'

/** One person's phone: a home screen with notifications, a thread per app, or a call. */
export function createPhone(personId, { onPick }) {
  const person = () => store.people.get(personId)
  const view = { screen: 'home', channel: null, callId: null }
  const drafts = {}
  const taken = new Set()
  let shownNotices = ''
  let callView = null
  let thread = null
  const screen = h('div.screen')
  const switchBar = createSwitchBar(person)
  const title = h('h3.phone-name')
  const element = h('article.phone', { dataset: { person: personId }, tabindex: '-1' }, title, h('div.device', {}, h('div.notch'), screen), switchBar.element)

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
    go({ screen: 'thread', channel })
    if (isTyping) thread?.focus()
    announce(`${channelNames[channel]} of ${person().name}`)
  }
  const call = async () => {
    const { number } = person()
    if (number === null) return
    const { uuid } = await control('POST', '/calls', { from: number })
    join(uuid)
  }
  const join = (callId) => {
    go({ screen: 'call', callId })
    startCall(callId)
  }

  const renderOwner = () => {
    const { name, number, messenger, userId, switches } = person()
    title.replaceChildren(name, h('span', {}, prettyAddress(number ?? messenger ?? userId)))
    switchBar.render()
    element.classList.toggle('is-off', !switches.power)
  }

  function render() {
    renderOwner()
    element.dataset.screen = view.screen
    thread = null
    if (!person().switches.power) {
      screen.replaceChildren(h('div.off', {}, icon('power', 34), h('p', {}, 'This phone is off')))
      return
    }
    screen.replaceChildren({ thread: threadScreen, call: callScreen, home: drawnHome }[view.screen]())
    thread?.scrollDown()
    thread?.markSeen()
  }

  function drawnHome() {
    shownNotices = signatureOf(person())
    return homeScreen(person(), { statusBar, onOpen: open, onCall: call })
  }

  function threadScreen() {
    thread = createThread(person(), view.channel, { statusBar, drafts, onHome: home, onPick })
    return thread.element
  }

  function callScreen() {
    callView = createCallScreen(view.callId, { person: person(), onHome: () => go({ screen: 'home', callId: null }), onAgain: call, statusBar })
    return callView.element
  }

  function statusBar() {
    const { switches: state } = person()
    return h('div.status-bar', { 'aria-hidden': 'true' }, h('span.now', {}, timeOf(new Date())), h('span.signal', {}, state.roaming ? 'No service' : '5G', h('i.battery')))
  }

  /** The application calls this person: the phone shows it and joins with sound. */
  function takeIncoming() {
    const incoming = incomingOf(person())
    if (!incoming || taken.has(incoming.uuid)) return
    taken.add(incoming.uuid)
    join(incoming.uuid)
  }

  const stop = subscribe((changed) => {
    if (!store.people.has(personId)) return
    if (changed.has('people') || changed.has('state')) {
      renderOwner()
      const isOffShown = screen.querySelector('.off') !== null
      if (isOffShown === person().switches.power) render()
    }
    if (thread && changed.has(thread.key)) thread.update()
    else if (view.screen === 'home' && changed.has('badges') && person().switches.power && signatureOf(person()) !== shownNotices) render()
    else if (view.screen === 'call' && changed.has('calls')) callView?.update()
    if (changed.has('calls')) takeIncoming()
  })
  document.addEventListener('visibilitychange', () => thread?.markSeen())
  render()
  // It may ring already when its page is opened.
  takeIncoming()
  return { element, personId, home, rest, open, call, stop, focus: () => element.focus(), initials: () => initialsOf(person().name) }
}
