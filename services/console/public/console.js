const unit = (ms) => {
  const seconds = Math.max(0, Math.round(Math.abs(ms) / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10 && ms > 0 && seconds % 60 !== 0) return `${minutes} min ${seconds % 60} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.floor(hours / 24)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

// The clocks of server and browser may differ: what counts is the time since the page came.
const skew = Number(document.body.dataset.now || Date.now()) - Date.now()

// Times as the reader's clock has them, in the form that the server writes them in.
const pad = (number) => String(number).padStart(2, '0')
const dayOf = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
const clockOf = (date) => `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
const exactly = (date) => {
  const offset = -date.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
  return `${dayOf(date)} ${clockOf(date)}.${String(date.getMilliseconds()).padStart(3, '0')} ${zone}`
}
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
for (const place of document.querySelectorAll('[data-zone]')) place.textContent = zone === 'UTC' ? 'UTC' : `those of ${zone || 'this device'}, UTC${exactly(new Date()).slice(-6)}`

const opened = new Set()

function runTimes() {
  const now = Date.now() + skew
  const today = dayOf(new Date(now))
  for (const time of document.querySelectorAll('time')) {
    const date = new Date(time.dateTime)
    const distance = date.getTime() - now
    let text = `${dayOf(date) === today ? '' : `${dayOf(date)} `}${clockOf(date)}`
    if ('relative' in time.dataset) text = Math.abs(distance) < 1000 ? 'now' : distance > 0 ? `in ${unit(distance)}` : `${unit(distance)} ago`
    if (opened.has(time.dateTime)) text = exactly(date)
    if (time.textContent !== text) time.textContent = text
    if (!time.title) time.title = exactly(date)
  }
  for (const bar of document.querySelectorAll('progress[data-from]')) bar.value = now - Number(bar.dataset.from)
}
runTimes()
setInterval(runTimes, 1000)
document.addEventListener('htmx:after:swap', runTimes)

// Where no mouse can rest on a time, a tap shows it exactly.
document.addEventListener('click', ({ target }) => {
  const time = target.closest('time')
  if (!time) return
  if (!opened.delete(time.dateTime)) opened.add(time.dateTime)
  runTimes()
})

// What is folded out stays so when a part of the page comes anew.
let unfolded = []
const nameOf = (details) => details.className + details.querySelector('summary')?.className
document.addEventListener('htmx:before:swap', () => { unfolded = [...document.querySelectorAll('details[open]')].map(nameOf) })
document.addEventListener('htmx:after:swap', () => {
  for (const details of document.querySelectorAll('details')) if (unfolded.includes(nameOf(details))) details.open = true
})

// A page that hears nothing says since when it does not know, and asks again.
const STALE_MS = 12_000
const live = document.querySelector('[hx-sse\\:connect]')
let heardAt = Date.now()
let isOut = false
function heard() {
  heardAt = Date.now()
  showStale()
}
function showStale() {
  const isStale = Date.now() - heardAt > STALE_MS && !document.hidden
  document.documentElement.classList.toggle('is-stale', isStale)
  const notice = document.querySelector('#stale')
  if (!notice || notice.hidden === !isStale) return
  notice.hidden = !isStale
  notice.querySelector('span').textContent = isOut
    ? `You are logged out: load it again. It shows what was known at ${clockOf(new Date(heardAt))}.`
    : `It shows what was known at ${clockOf(new Date(heardAt))}, and goes on by itself when the console is reached again.`
}
if (live) {
  document.addEventListener('beat', heard)
  document.addEventListener('htmx:sse:after:message', heard)
  document.addEventListener('htmx:sse:error', ({ detail }) => { isOut = detail.status === 401 })
  setInterval(() => {
    showStale()
    const hasStream = live._htmx?.sse || document.hidden
    if (Date.now() - heardAt > STALE_MS && !hasStream) htmx.ajax('GET', live.getAttribute('hx-sse:connect'), { source: live })
  }, 3000)
}

// A list does not move under the mouse, and an answer that is being written stays: they wait until that is over.
let isHeld = false
document.addEventListener('htmx:sse:before:message', ({ target, detail }) => {
  if (detail.message.event || !(target.matches('[data-steady]:hover') || target.querySelector('textarea:not(:placeholder-shown)'))) return
  isHeld = true
  detail.cancelled = true
  heard()
})
document.querySelector('[data-steady]')?.addEventListener('mouseleave', ({ target }) => {
  // The next stream begins with the whole picture.
  if (isHeld) target._htmx?.sse?.reader?.cancel()
  isHeld = false
})

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-theme-switch]')) {
    const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark' ||
      (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches)
    document.documentElement.dataset.theme = isDark ? 'light' : 'dark'
    try { localStorage.setItem('theme', document.documentElement.dataset.theme) } catch {}
  }
  if (target.closest('[data-keys]')) document.querySelector('#keys').showModal()
})

document.addEventListener('submit', (event) => {
  const question = event.submitter?.dataset.confirm
  if (question && !confirm(question)) event.preventDefault()
})

document.addEventListener('change', async ({ target }) => {
  if (target.matches('[data-into]') && target.files[0]) document.getElementById(target.dataset.into).value = await target.files[0].text()
  if (target.matches('[data-tick-all]')) {
    for (const box of document.querySelectorAll(`input[name="${target.dataset.tickAll}"]`)) box.checked = target.checked
  }
  if (target.matches('[data-submit]')) target.form.requestSubmit()
  countTicked()
})

// Buttons that need something ticked say so.
function countTicked() {
  for (const button of document.querySelectorAll('[data-needs-ticked]')) {
    const count = document.querySelectorAll(`input[name="${button.dataset.needsTicked}"]:checked`).length
    button.disabled = count === 0
    const badge = button.querySelector('[data-count]')
    if (badge) badge.textContent = count === 0 ? '' : ` ${count}`
  }
}
countTicked()
document.addEventListener('htmx:after:swap', countTicked)

// How much there is to do can be read on the tab.
function countInTitle() {
  const count = Number(document.querySelector('[data-title-count]')?.dataset.titleCount)
  document.title = (count > 0 ? `(${count}) ` : '') + document.title.replace(/^\(\d+\) /, '')
}
countInTitle()
document.addEventListener('htmx:after:swap', countInTitle)

// What a choice needs is shown with it.
function showChosen() {
  for (const part of document.querySelectorAll('[data-when]')) {
    const [name, value] = part.dataset.when.split('=')
    const chosen = document.querySelector(`[name="${name}"]:checked, select[name="${name}"]`)?.value
    part.toggleAttribute('data-off', !value.split('|').includes(chosen))
  }
}
showChosen()
document.addEventListener('change', showChosen)

// What begins is told by the browser as well, to whom it was allowed and wished, while a page is open.
const bell = document.querySelector('[data-notify]')
const told = new Set()
const isTold = () => 'Notification' in window && Notification.permission === 'granted' && localStorage.getItem('notify') === 'on'
function showBell() {
  if (!bell || !('Notification' in window) || !isSecureContext) return
  bell.hidden = false
  bell.setAttribute('aria-pressed', String(isTold()))
}
try { showBell() } catch {}
// Streams of pages that nobody sees are closed, unless they have something to tell.
try { if (isTold()) htmx.config.sse.pauseOnBackground = false } catch {}
bell?.addEventListener('click', async () => {
  const wasTold = isTold()
  const permission = wasTold ? 'granted' : await Notification.requestPermission()
  if (permission !== 'granted') bell.title = 'The browser does not allow it: change that in its settings for this page'
  localStorage.setItem('notify', wasTold || permission !== 'granted' ? 'off' : 'on')
  showBell()
  if (live && isTold()) location.reload()
})
document.addEventListener('news', ({ detail }) => {
  const { id, at, title, words, href } = JSON.parse(detail.data)
  if (told.has(id) || at < Number(document.body.dataset.now) || !isTold()) return
  told.add(id)
  // Several pages that are open show one: they name it alike. Phones have no such constructor.
  try {
    const notification = new Notification(title, { body: words, tag: id, icon: '/assets/icon-192.png' })
    notification.onclick = () => { window.focus(); location.href = href }
  } catch {}
})

// Keys, while nothing is being typed.
const places = { o: '/', a: '/alerts', m: '/messages', n: '/notifications', p: '/people', c: '/calls', f: '/failed' }
let isGoing = false
function step(by) {
  const rows = [...document.querySelectorAll('main tbody tr')].filter((row) => row.querySelector('a') && row.offsetParent)
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
  row?.querySelector('a')?.focus()
}
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog[open]')) return
  if (isGoing && places[event.key]) location.href = places[event.key]
  else if (event.key === '/') document.querySelector('[name="q"]')?.focus()
  else if (event.key === '?') document.querySelector('#keys')?.showModal()
  else if (event.key === 'j') step(1)
  else if (event.key === 'k') step(-1)
  else if (event.key === 'a') document.querySelector('[data-key="a"]')?.click()
  isGoing = event.key === 'g'
  if ('/?jka'.includes(event.key)) event.preventDefault()
})
