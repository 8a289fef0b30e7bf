import { factsOf } from '@switchboard/contracts'
import type { Channel, SwitchboardConfig } from '@switchboard/contracts'

import type { SignupErrors, SignupField, SignupForm } from '../signup-form.ts'
import { escapeHtml, page } from './layout.ts'

export interface SignupPage {
  title: string
  channels: Channel[]
  topics: string[]
  /** What the person has entered so far. */
  form: Partial<SignupForm>
  errors: SignupErrors
  /** Above the form: what is wrong with the whole of it. */
  problem?: string
  token: string
  messenger: SwitchboardConfig['senders']['messenger']
}

const STYLE = `<style>
.choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .625rem }
.choices label { display: flex; align-items: center; gap: .625rem; margin: 0; padding: .8125rem .875rem; font-weight: 400;
  border: 1px solid var(--line); border-radius: .625rem; background: var(--ground); cursor: pointer; overflow-wrap: anywhere; min-width: 0 }
.choices label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent) }
.choices label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px }
.choices input { flex: none; width: 1.125rem; height: 1.125rem; margin: 0; accent-color: var(--accent); outline: none }
.below { margin: .375rem 0 0; color: var(--soft); font-size: .9375rem }
.summary { margin: 0 0 1.25rem; padding: .875rem 1rem; border: 1px solid var(--bad); border-radius: .625rem }
.summary p { margin: 0; font-weight: 600 } .summary ul { margin: .375rem 0 0; padding-left: 1.125rem }
.summary a { color: var(--bad) }
[aria-invalid=true] { border-color: var(--bad) }
legend { margin-bottom: .375rem }
.trap { position: absolute; left: -9999px }
</style>`

/** The public sign-up form. It works without JavaScript; the script only says sooner what the server would say. */
export function signupPage(view: SignupPage): string {
  const { title, form, errors, token } = view
  const isWrong = Object.keys(errors).length > 0 || view.problem !== undefined
  return page(
    isWrong ? `Error: ${title}` : title,
    `${STYLE}
    <h1>${escapeHtml(title)}</h1>
    <p>Tell us where. You get one message first, to make sure that it is you.</p>
    ${summary(view)}
    <form method="post" action="/signup" novalidate>
      <input type="hidden" name="token" value="${escapeHtml(token)}">
      <div class="trap" aria-hidden="true"><label>Leave this empty <input name="website" tabindex="-1" autocomplete="off"></label></div>
      ${choices(
        'channel',
        'Where?',
        view.channels.map((each) => [each, factsOf[each].label]),
        form.channel,
        errors,
      )}
      <div class="field">
        <label for="number">Phone number</label>
        <input id="number" name="number" type="tel" inputmode="tel" autocomplete="tel" required
          value="${escapeHtml(form.number ?? '')}"${marks('number', errors, 'number-hint')}>
        <p class="below" id="number-hint">With its country code, such as +44 7700 900123.</p>
        ${errorOf('number', errors)}
      </div>
      ${choices(
        'topic',
        'Which updates?',
        view.topics.map((each) => [each, each]),
        form.topic,
        errors,
      )}
      <button type="submit">Send me the message</button>
    </form>
    <p class="hint">Nothing else is sent until you have answered it. You can end the updates at any time:
    reply STOP, or use the link in the message.</p>
    ${view.messenger ? `<p class="hint">On Messenger? <a href="https://m.me/${escapeHtml(view.messenger)}">Write to us there</a> and name a topic.</p>` : ''}
    <script src="/signup/form.js" defer></script>`,
  )
}

function summary({ errors, problem }: SignupPage): string {
  const entries = Object.entries(errors)
  if (entries.length === 0 && problem === undefined) return ''
  const items = entries.map(([field, text]) => `<li><a href="#${anchorOf(field)}">${escapeHtml(text)}</a></li>`)
  return `<div class="summary" role="alert" tabindex="-1"><p>${escapeHtml(problem ?? 'Something is missing.')}</p>
    ${items.length > 0 ? `<ul>${items.join('')}</ul>` : ''}</div>`
}

function choices(
  field: SignupField,
  legend: string,
  options: [string, string][],
  chosen: string | undefined,
  errors: SignupErrors,
): string {
  const selected = chosen && options.some(([value]) => value === chosen) ? chosen : onlyOne(options)
  const radios = options.map(
    ([value, name], index) =>
      `<label><input type="radio" name="${field}" value="${escapeHtml(value)}" required${index === 0 ? ` id="${anchorOf(field)}"` : ''}${value === selected ? ' checked' : ''}> ${escapeHtml(name)}</label>`,
  )
  return `<fieldset class="field"${marks(field, errors)}><legend>${legend}</legend>
    <div class="choices">${radios.join('')}</div>${errorOf(field, errors)}</fieldset>`
}

function onlyOne(options: [string, string][]): string | undefined {
  return options.length === 1 ? options[0]?.[0] : undefined
}

function anchorOf(field: string): string {
  return field === 'number' ? 'number' : `${field}-first`
}

function marks(field: SignupField, errors: SignupErrors, hint?: string): string {
  const described = [...(hint ? [hint] : []), ...(errors[field] ? [`${field}-error`] : [])]
  const by = described.length > 0 ? ` aria-describedby="${described.join(' ')}"` : ''
  return errors[field] ? `${by} aria-invalid="true"` : by
}

function errorOf(field: SignupField, errors: SignupErrors): string {
  const text = errors[field]
  return text ? `<p class="error" id="${field}-error">${escapeHtml(text)}</p>` : ''
}

/** The same whoever asked, for whatever number: nobody can find out who is subscribed. */
export function sentPage(): string {
  return page(
    'Look at your phone',
    `<h1><span class="tick" aria-hidden="true">✓</span> Look at your phone</h1>
    <p>If we may write to that number, a message is on its way. Answer it, and the updates begin.</p>
    <p class="hint">Nothing there after a few minutes? Check the number and <a href="/signup">try again</a>.
    If you told us STOP before, send us START first.</p>`,
  )
}

export type AnswerView =
  | { kind: 'ask'; answer: 'confirm' | 'decline'; topic: string }
  | { kind: 'done'; answer: 'confirm' | 'decline'; topic: string }
  | { kind: 'expired' }
  | { kind: 'invalid' }

/** The pages behind the links of the first message. Only the button answers: previews of links fetch what they see. */
export function answerPage(view: AnswerView): string {
  switch (view.kind) {
    case 'ask':
      return view.answer === 'confirm'
        ? page(
            'Confirm',
            `<h1>Get ${escapeHtml(view.topic)} updates?</h1><p>They come to the number that got this link.</p>
            <form method="post"><button type="submit">Yes, send them</button></form>
            <p class="hint">The other link in the message ends them, at any time.</p>`,
          )
        : page(
            'Decline',
            `<h1>No ${escapeHtml(view.topic)} updates?</h1>
            <p>If somebody else entered your number, or you have had enough: we stop.</p>
            <form method="post"><button type="submit">Do not send them</button></form>`,
          )
    case 'done':
      return view.answer === 'confirm'
        ? page('Confirmed', done(`You get ${escapeHtml(view.topic)} updates now.`))
        : page('Declined', done('All right. Nothing will be sent.'))
    case 'expired':
      return page(
        'Link too old',
        `<h1>This link is too old</h1><p class="hint">You can <a href="/signup">sign up again</a>.</p>`,
      )
    case 'invalid':
      return page('Link not valid', `<h1>This link is not valid</h1><p class="hint">It may be incomplete.</p>`)
  }
}

function done(title: string): string {
  return `<h1><span class="tick" aria-hidden="true">✓</span> ${title}</h1>`
}

/** When something is wrong on our side, or too much was asked. */
export function troublePage(title: string, text: string): string {
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p><p class="hint"><a href="/signup">Back to the form</a></p>`,
  )
}
