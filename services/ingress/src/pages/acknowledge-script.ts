/** Keeps the page as things are, tells times in the reader's own, and tries again by itself. The page works without it. */
export const acknowledgeScript = `
const LOOK_MS = 3000
const AGAIN_MS = 5000
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' })
const showTimes = () => {
  for (const each of document.querySelectorAll('time[data-clock]')) each.textContent = clock.format(new Date(each.dateTime))
}
const look = async () => {
  const fresh = await fetch(location.href, { headers: { accept: 'text/html' } }).then(
    async (answer) => (answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : undefined),
    () => undefined,
  )
  document.getElementById('lost').hidden = fresh !== undefined
  if (fresh === undefined) return
  for (const id of ['live', 'act']) {
    const [shown, now] = [document.getElementById(id), fresh.getElementById(id)]
    // What is under a thumb stays there unless something else is to be pressed.
    if (shown && now && shown.dataset.is !== now.dataset.is) shown.replaceWith(now)
  }
  showTimes()
}
const again = document.querySelector('form[data-again]')
if (again) setTimeout(() => again.requestSubmit(), AGAIN_MS)
else if (document.getElementById('live')) setInterval(look, LOOK_MS)
addEventListener('submit', ({ target, submitter }) => {
  if (target.dataset.sent) return
  target.dataset.sent = 'yes'
  if (submitter) submitter.textContent = 'One moment …'
})
showTimes()
`
