/** Says at once what the server would say, and does not let a form be sent twice. The page works without it. */
export const signupScript = `
const form = document.querySelector('form')
const number = form.elements.number
const hint = document.getElementById('number-hint')
const first = hint.textContent
const show = () => {
  const digits = number.value.replace(/\\D/g, '')
  const looksWrong = number.value.trim() !== '' && (digits.length < 7 || digits.length > 17 || /[^\\d\\s()+.\\/-]/.test(number.value))
  number.setAttribute('aria-invalid', String(looksWrong))
  hint.textContent = looksWrong ? 'This does not look like a phone number yet.' : first
}
number.addEventListener('change', show)
number.addEventListener('input', () => { if (number.getAttribute('aria-invalid') === 'true') show() })
form.addEventListener('submit', (event) => {
  const button = form.querySelector('button')
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = 'yes'
  button.textContent = 'One moment …'
})
addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
document.querySelector('.summary')?.focus()
`
