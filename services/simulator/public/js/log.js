import { h, icon } from './dom.js'
import { exactTimeOf, pretty } from './format.js'
import { control, store, subscribe } from './store.js'

const SHOWN = 120

/** "What Vonage did": every request it received and every webhook it sent, newest first. */
export function createLog() {
  const filter = { text: '', about: null, kind: 'all' }
  const open = new Map()
  const rows = new Map()
  const list = h('ol.log')
  const field = h('input', {
    type: 'search',
    placeholder: 'Filter by id, path, status…',
    'aria-label': 'Filter',
    id: 'log-filter',
    oninput: () => {
      filter.text = field.value.trim().toLowerCase()
      render()
    },
  })
  const chip = h('div.filter-chip', { hidden: true })
  const kinds = h(
    'div.segments',
    { role: 'group', 'aria-label': 'Kind' },
    [
      ['all', 'All'],
      ['request', 'Requests'],
      ['webhook', 'Webhooks'],
      ['trouble', 'Trouble'],
    ].map(([kind, label]) =>
      h('button', { type: 'button', 'aria-pressed': String(kind === filter.kind), onclick: (event) => {
        filter.kind = kind
        for (const other of kinds.children) other.setAttribute('aria-pressed', String(other === event.currentTarget))
        render()
      } }, label),
    ),
  )

  const fits = (entry) => {
    if (filter.about && !entry.about.includes(filter.about)) return false
    if (filter.kind === 'trouble' ? !isTrouble(entry) : filter.kind !== 'all' && entry.kind !== filter.kind) return false
    return filter.text === '' || `${entry.method} ${entry.url} ${entry.status} ${entry.verdict} ${entry.state} ${entry.gist} ${entry.about.join(' ')}`.toLowerCase().includes(filter.text)
  }

  function render() {
    const entries = [...store.log.values()].filter(fits).slice(-SHOWN).reverse()
    chip.hidden = filter.about === null
    if (filter.about) chip.replaceChildren('Only this message', h('button', { type: 'button', 'aria-label': 'Show everything', onclick: () => pick(null) }, icon('close', 14)))
    const wanted = entries.map((entry) => {
      const known = rows.get(entry.id)
      if (known && known.entry === entry) return known.element
      const element = row(entry)
      rows.set(entry.id, { entry, element })
      return element
    })
    if (wanted.length === 0) wanted.push(h('li.empty', {}, filter.about || filter.text ? 'Nothing fits.' : 'Nothing yet. Send a text from a phone.'))
    list.replaceChildren(...wanted)
    const shown = new Set(entries.map(({ id }) => id))
    for (const id of rows.keys()) if (!shown.has(id)) rows.delete(id)
  }

  function row(entry) {
    const detail = h('div.log-detail', { hidden: !open.has(entry.id) })
    const head = h(
      'button.log-row',
      {
        type: 'button',
        'aria-expanded': String(open.has(entry.id)),
        onclick: async () => {
          const isOpen = open.has(entry.id)
          if (isOpen) open.delete(entry.id)
          else open.set(entry.id, true)
          head.setAttribute('aria-expanded', String(!isOpen))
          detail.hidden = isOpen
          if (!isOpen) detail.replaceChildren(...(await details(entry.id, pick)))
        },
      },
      h('span.log-way', { class: entry.kind, title: entry.kind === 'request' ? 'Request received' : 'Webhook sent' }, icon(entry.kind === 'request' ? 'in' : 'out', 15)),
      h('span.log-main', {}, h('b', {}, entry.method, ' '), h('span.log-path', {}, pathOf(entry.url))),
      statusBadge(entry),
      h('span.log-sub', {}, h('time', {}, exactTimeOf(entry.at)), entry.gist ? h('span.gist', {}, entry.gist) : null, verdict(entry), entry.tries > 1 ? h('span.tries', {}, `${entry.tries} tries`) : null, entry.faults.map((fault) => h('span.fault-tag', {}, icon('bolt', 11), fault))),
    )
    if (open.has(entry.id)) void details(entry.id, pick).then((children) => detail.replaceChildren(...children))
    return h('li', { class: isTrouble(entry) ? 'trouble' : '' }, head, detail)
  }

  const pick = (about) => {
    filter.about = about
    render()
  }
  // Nobody reads faster than this.
  let isWaiting = false
  const renderSoon = () => {
    if (isWaiting) return
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      if (list.isConnected) render()
    }, 250)
  }
  subscribe((changed) => changed.has('log') && renderSoon())
  const element = h('div.log-panel', {}, h('div.log-tools', {}, field, kinds, chip), list)
  return { element, render, pick }
}

const isTrouble = (entry) => entry.status === null || entry.status >= 400 || !entry.isVerified || entry.state === 'given-up' || entry.faults.length > 0

function pathOf(url) {
  try {
    return decodeURIComponent(new URL(url, location.href).pathname)
  } catch {
    return url
  }
}

function verdict(entry) {
  const short = entry.verdict.replace(/^refused: /, '')
  return h('span.verdict', { class: entry.isVerified ? 'good' : 'bad' }, icon(entry.isVerified ? 'shield' : 'alert', 12), short || 'not sent')
}

function statusBadge(entry) {
  const text = entry.state === 'retrying' ? 'retrying' : (entry.status ?? (entry.state === 'open' ? '…' : 'lost'))
  const tone = entry.state === 'retrying' ? 'warn' : entry.status === null ? (entry.state === 'open' ? '' : 'bad') : entry.status < 300 ? 'good' : 'bad'
  return h('span.status', { class: tone }, String(text))
}

async function details(id, pick) {
  const entry = await control('GET', `/log/${id}`)
  return [
    entry.nextAttemptAt && entry.state === 'retrying' ? h('p.note', {}, `Tries again at ${exactTimeOf(entry.nextAttemptAt)}.`) : null,
    h('p.url', {}, `${entry.method} ${entry.url}`),
    section('Body', entry.body),
    section('Answer', `${entry.status ?? 'none'}\n${entry.answer}`.trim(), entry.answer),
    entry.attempts.length > 1 ? section('Attempts', entry.attempts.map((attempt) => `${exactTimeOf(attempt.at)}  ${attempt.status ?? attempt.error}  ${attempt.tookMs} ms`).join('\n')) : null,
    h('details.headers', {}, h('summary', {}, 'Headers'), h('pre', {}, Object.entries(entry.headers).map(([name, value]) => `${name}: ${value}`).join('\n'))),
    h(
      'div.log-actions',
      {},
      h('button', { type: 'button', onclick: (event) => copy(event.currentTarget, curlOf(entry)) }, icon('copy', 14), 'Copy as curl'),
      entry.about.length > 0 ? h('button', { type: 'button', onclick: () => pick(entry.about[0]) }, 'Only this message') : null,
    ),
  ].filter(Boolean)
}

function section(title, text, body = text) {
  if (!text) return null
  const shown = body === text ? pretty(text) : text.replace(body, pretty(body))
  return h('div', {}, h('h4', {}, title), h('pre', {}, shown))
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text)
  button.lastChild.textContent = 'Copied'
  setTimeout(() => {
    button.lastChild.textContent = 'Copy as curl'
  }, 1_500)
}

const quote = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`

function curlOf(entry) {
  const skip = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'transfer-encoding'])
  const headers = Object.entries(entry.headers).filter(([name]) => !skip.has(name)).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`)
  const url = new URL(entry.url, location.href).href
  const body = entry.body && entry.method !== 'GET' ? [`--data-raw ${quote(entry.body)}`] : []
  return ['curl', '-i', '-X', entry.method, quote(url), ...headers, ...body].join(' ')
}
