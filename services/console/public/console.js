const unit = (ms) => {
  const seconds = Math.max(0, Math.round(Math.abs(ms) / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10 && ms > 0) return `${minutes} min ${seconds % 60} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

// The clocks of server and browser may differ: what counts is the time since the page came.
const skew = Number(document.body.dataset.now || Date.now()) - Date.now()

function runTimes() {
  const now = Date.now() + skew
  for (const time of document.querySelectorAll('time[data-relative]')) {
    const at = Date.parse(time.dateTime)
    const distance = at - now
    const text = Math.abs(distance) < 1000 ? 'now' : distance > 0 ? `in ${unit(distance)}` : `${unit(distance)} ago`
    if (time.textContent !== text) time.textContent = text
    if (!time.title) time.title = new Date(at).toLocaleString()
  }
  for (const time of document.querySelectorAll('time:not([data-relative], [title])')) time.title = new Date(time.dateTime).toLocaleString()
  for (const bar of document.querySelectorAll('progress[data-from]')) bar.value = now - Number(bar.dataset.from)
}
runTimes()
setInterval(runTimes, 1000)
document.addEventListener('htmx:after:swap', runTimes)

// On a small screen the pages lie side by side.
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-theme-switch]')) {
    const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark' ||
      (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches)
    document.documentElement.dataset.theme = isDark ? 'light' : 'dark'
    try { localStorage.setItem('theme', document.documentElement.dataset.theme) } catch {}
  }
})

document.addEventListener('submit', (event) => {
  const question = event.submitter?.dataset.confirm
  if (question && !confirm(question)) event.preventDefault()
})

document.addEventListener('change', ({ target }) => {
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

// What a choice needs is shown with it.
function showChosen() {
  for (const part of document.querySelectorAll('[data-when]')) {
    const [name, value] = part.dataset.when.split('=')
    const chosen = document.querySelector(`[name="${name}"]:checked, select[name="${name}"]`)?.value
    part.hidden = !value.split('|').includes(chosen)
  }
}
showChosen()
document.addEventListener('change', showChosen)

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.closest('input, textarea, select')) return
  event.preventDefault()
  document.querySelector('[name="q"]')?.focus()
})
