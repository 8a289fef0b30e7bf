import { LONGEST_NOTE } from '@switchboard/contracts'

import type { AcknowledgeView } from './acknowledge-view.ts'
import { ago } from './acknowledge-view.ts'
import { escapeHtml, page } from './layout.ts'

const STYLE = `<style>
body { display: block; padding: 0 }
main { width: min(34rem, 100%); min-height: 100dvh; margin: 0 auto; padding: 1.25rem 1.25rem 0; border: 0; border-radius: 0;
  box-shadow: none; display: flex; flex-direction: column }
.note { margin: 0 0 1rem; padding: .625rem .875rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; white-space: pre-line }
.headline { font-weight: 600; margin: 0 0 .75rem } #live .hint { margin: 0 0 .75rem }
.told { margin: 0 0 1rem; padding: .75rem 1rem; border: 1px solid var(--accent); border-radius: .75rem }
.people { list-style: none; margin: 0 0 1rem; padding: 0; border-top: 1px solid var(--line) }
.people li { padding: .625rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
.people .now { font-weight: 600 } .people span { color: var(--soft); font-weight: 400 }
.act { position: sticky; bottom: 0; margin: auto -1.25rem 0; padding: .875rem 1.25rem calc(.875rem + env(safe-area-inset-bottom));
  background: var(--card); border-top: 1px solid var(--line); display: flex; gap: .75rem }
.act form { flex: 1 } .act form.quiet { flex: none }
.act button { min-height: 3.5rem } .act .quiet button { width: auto; padding-inline: 1.25rem }
details { margin: 0 0 1.25rem } summary { cursor: pointer; padding: .5rem 0; color: var(--soft) }
details form { margin: .5rem 0 1rem } details .row { display: flex; gap: .625rem } details .row button { width: auto; white-space: nowrap }
textarea { width: 100%; padding: .75rem; border: 1px solid var(--line); border-radius: .625rem; font: inherit; color: inherit;
  background: var(--ground); min-height: 5rem }
.lost { color: var(--bad) }
</style>`

const SCRIPT = '<script src="/a/page.js" defer></script>'

/** The page of one alert for one person: a phone at night. Works without JavaScript. `actId` names what they do next. */
export function acknowledgePage(view: AcknowledgeView, actId: string): string {
  const { code, name, text, told } = view
  const origin = view.from === '' ? '' : ` · ${escapeHtml(view.from)}`
  const since = new Date(view.since).toISOString()
  return page(
    view.headline,
    `${STYLE}
    <p class="kicker">Alert ${escapeHtml(code)}${name === '' ? '' : ` for ${escapeHtml(name)}`}${origin} ·
      <time datetime="${since}">${ago(view.now - view.since)}</time> <time datetime="${since}" data-clock></time></p>
    ${told === undefined ? '' : `<p class="told" role="status">${escapeHtml(told)}</p>`}
    <p class="message" dir="auto">${withLinks(text)}</p>
    ${live(view)}
    <p class="lost" id="lost" hidden>There is no connection: this may be old.</p>
    ${more(view, actId)}
    ${buttons(view, actId)}
    <noscript><meta http-equiv="refresh" content="30"></noscript>
    ${SCRIPT}`,
  )
}

function live({ headline, people, notes, others }: AcknowledgeView): string {
  const inner = `<h1 class="headline" dir="auto">${escapeHtml(headline)}</h1>
    ${others === undefined ? '' : `<p class="hint" dir="auto">${escapeHtml(others)}</p>`}
    <ul class="people">${people
      .map(
        (each) =>
          `<li${each.isNow ? ' class="now"' : ''}><bdi>${escapeHtml(each.name)}</bdi> <span>${each.lines.map(escapeHtml).join(' · ')}</span></li>`,
      )
      .join('')}</ul>
    ${notes.map(({ by, text }) => `<p class="note" dir="auto">${by === undefined ? '' : `<strong>${escapeHtml(by)}:</strong> `}${withLinks(text)}</p>`).join('')}`
  return `<section id="live" data-is="${escapeHtml([headline, ...people.flatMap(({ lines }) => lines), notes.length].join('|'))}">${inner}</section>`
}

/** Under the thumb, whatever else the page says. */
function buttons({ canTake, canPass }: AcknowledgeView, actId: string): string {
  if (!canTake && !canPass) return '<div id="act" data-is="none"></div>'
  return `<div class="act" id="act" data-is="${canTake} ${canPass}">
    ${canPass ? `<form method="post" class="quiet">${hidden('pass', actId)}<button class="plain">I cannot</button></form>` : ''}
    ${canTake ? `<form method="post">${hidden('mine', actId)}<button>I have it</button></form>` : ''}
  </div>`
}

function more({ isOver, colleagues }: AcknowledgeView, actId: string): string {
  const note = `<form method="post">${hidden('note', actId)}<label for="text">A note for whoever takes it</label>
    <textarea id="text" name="text" dir="auto" maxlength="${LONGEST_NOTE}" required></textarea><button class="plain">Keep the note</button></form>`
  const names = colleagues.map((each) => `<option>${escapeHtml(each)}</option>`).join('')
  const handOver = `<form method="post">${hidden('hand-over', actId)}<label for="to">Have somebody else asked now</label>
    <div class="row"><select id="to" name="to">${names}</select><button class="plain">Hand over</button></div></form>`
  const snooze = `<form method="post">${hidden('snooze', actId)}<label for="minutes">Have nobody asked for</label>
    <div class="row"><select id="minutes" name="minutes"><option value="15">15 minutes</option><option value="30" selected>30 minutes</option>
    <option value="60">an hour</option><option value="240">4 hours</option></select><button class="plain">Put off</button></div></form>`
  const resolve = `<form method="post">${hidden('resolve', actId)}<button class="plain">It is over</button></form>`
  return `<details><summary>Something else</summary>${note}${isOver ? '' : `${colleagues.length > 0 ? handOver : ''}${snooze}${resolve}`}</details>`
}

function hidden(act: string, actId: string): string {
  return `<input type="hidden" name="act" value="${act}"><input type="hidden" name="id" value="${escapeHtml(actId)}">`
}

export function invalidLinkPage(): string {
  return page(
    'Link not valid',
    `<h1>This link is not valid</h1><p class="hint">It may be incomplete or too old. Reply to the message instead.</p>`,
  )
}

/** What could not be done now; `form`: what is sent again, by itself where there is JavaScript. */
export function tryAgainPage(form?: Record<string, string>): string {
  const fields = Object.entries(form ?? {}).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  return page(
    'One moment',
    `<h1>${form ? 'Not written down yet' : 'One moment'}</h1>
    <p>Our memory does not answer. ${form ? 'What you pressed does not count yet.' : 'The alert cannot be shown.'} This page tries again every few seconds.</p>
    <p class="hint">You may also reply to the message: that is kept until we are back, and counts.</p>
    ${form ? `<form method="post" data-again>${fields.join('')}<button>Try again now</button></form>` : '<meta http-equiv="refresh" content="5"><form method="get"><button>Try again now</button></form>'}
    ${SCRIPT}`,
  )
}

export function problemPage(detail: string): string {
  return page(
    'Not done',
    `<h1>Not done</h1><p>${escapeHtml(detail)}</p><form method="get"><button>Back to the alert</button></form>`,
  )
}

const LINK = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}])/g

/** Addresses in a text can be followed; everything else is text. */
export function withLinks(text: string): string {
  return text
    .split(LINK)
    .map((part, index) => {
      const shown = escapeHtml(part)
      return index % 2 === 1 ? `<a href="${shown}" rel="noreferrer noopener" target="_blank">${shown}</a>` : shown
    })
    .join('')
}
