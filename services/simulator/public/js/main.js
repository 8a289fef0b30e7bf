import { announce, h, icon } from './dom.js'
import { createAccountPanel, createClockPanel, createFaults } from './controls.js'
import { channels, timeOf } from './format.js'
import { createLog } from './log.js'
import { mountPeople } from './people.js'
import { createStage } from './stage.js'
import { connect, control, load, store, subscribe } from './store.js'
import { createTryPanel } from './try/panel.js'

load(JSON.parse(document.getElementById('snapshot').textContent))

const panel = mountPanel()
const stage = createStage({
  onPick(message) {
    panel.open('log')
    panel.log.pick(message.id)
    setView('vonage')
  },
  onShow: () => setView('phones'),
})
if (store.canTry) panel.add('try', 'Try it', createTryPanel({ stage, onWatch: () => setView('try') }))
mountPeople({ onToggle: stage.toggle, isShown: stage.isShown })

function mountPanel() {
  const log = createLog()
  const views = { log, faults: createFaults(), clock: createClockPanel(), account: createAccountPanel() }
  const names = { log: 'What Vonage did', faults: 'Faults', clock: 'Clock', account: 'Account' }
  const body = h('div.panel-body', { id: 'panel-body', role: 'tabpanel' })
  const tabs = h('div.tabs', { role: 'tablist' })
  const open = (name) => {
    for (const tab of tabs.children) tab.setAttribute('aria-selected', String(tab.dataset.tab === name))
    body.replaceChildren(views[name].element)
    views[name].render()
  }
  const tabOf = (name, text) =>
    h('button', { type: 'button', role: 'tab', dataset: { tab: name }, 'aria-controls': 'panel-body', onclick: () => open(name) }, text)
  for (const [name, text] of Object.entries(names)) tabs.append(tabOf(name, text))
  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const all = [...tabs.children]
    if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus()
  })
  document.getElementById('panel').append(tabs, body)
  open('log')
  /** A tab before all others, which is open. */
  const add = (name, text, view) => {
    views[name] = view
    tabs.prepend(tabOf(name, text))
    open(name)
  }
  return { open, add, log }
}

/** On a small screen, what is seen of the page. */
function setView(view) {
  document.body.dataset.view = view
  if (view === 'try') panel.open('try')
  if (view === 'vonage' && document.querySelector('[data-tab=try][aria-selected=true]')) panel.open('log')
  for (const button of document.querySelectorAll('.switcher button')) button.setAttribute('aria-pressed', String(button.dataset.view === view))
}
document.querySelector('.switcher').addEventListener('click', (event) => event.target.dataset.view && setView(event.target.dataset.view))
setView(store.canTry ? 'try' : 'phones')

function mountTools() {
  const tools = document.getElementById('tools')
  const connection = h('span.connection', { role: 'status' })
  const clock = h('button.chip', { type: 'button', onclick: () => panel.open('clock') })
  const faults = h('button.chip', { type: 'button', onclick: () => panel.open('faults') })
  const theme = h('button.chip.icon-only', { type: 'button', onclick: () => setTheme(isDark() ? 'light' : 'dark') })
  const render = () => {
    const { clock: time, faults: active } = store.state
    clock.replaceChildren(time.paused ? 'paused' : `×${time.speed}`)
    clock.setAttribute('aria-label', time.paused ? 'Clock is paused' : `Clock runs at ${time.speed} times`)
    clock.classList.toggle('lit', time.paused || time.speed !== 1)
    faults.replaceChildren(icon('bolt', 14), String(active.length))
    faults.setAttribute('aria-label', `${active.length} active faults`)
    faults.classList.toggle('lit', active.length > 0)
    connection.className = `connection ${store.isConnected ? 'on' : 'off'}`
    connection.textContent = store.isConnected ? 'live' : 'reconnecting'
    theme.replaceChildren(icon(isDark() ? 'sun' : 'moon', 16))
    theme.setAttribute('aria-label', isDark() ? 'Light' : 'Dark')
  }
  const setTheme = (name) => {
    document.documentElement.dataset.theme = name
    localStorage.setItem('theme', name)
    render()
  }
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  }
  const saved = localStorage.getItem('theme')
  if (saved) document.documentElement.dataset.theme = saved
  tools.append(connection, clock, faults, theme)
  subscribe((changed) => (changed.has('state') || changed.has('connection')) && render())
  render()
}
mountTools()

addEventListener('keydown', (event) => {
  if (event.key === 'Escape') stage.current()?.home()
  if (event.target.matches('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return
  const channel = channels[Number(event.key) - 1]
  if (channel) {
    event.preventDefault()
    stage.current()?.open(channel)
  } else if (event.key === '/') {
    event.preventDefault()
    panel.open('log')
    document.getElementById('log-filter').focus()
  } else if (event.key === 'n') {
    event.preventDefault()
    document.getElementById('new-number').focus()
  } else if (event.key === 'c') {
    void stage.current()?.call()
  } else if (event.key === 'p') {
    void control('PUT', '/clock', { paused: !store.state.clock.paused }).then(() => announce('Clock'))
  }
})

setInterval(() => {
  const time = timeOf(new Date())
  for (const element of document.querySelectorAll('.now')) if (element.textContent !== time) element.textContent = time
}, 5_000)

connect()
