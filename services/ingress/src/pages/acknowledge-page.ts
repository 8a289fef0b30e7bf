import { escapeHtml, page } from './layout.ts'

export type AcknowledgeView =
  | { kind: 'open'; text: string; name: string; isExhausted: boolean }
  | { kind: 'thanks'; text: string }
  | { kind: 'attended'; text: string; who: string | undefined }
  | { kind: 'over'; text: string }
  | { kind: 'invalid' }

/** The page on which a person says that an alert has been seen. Works without JavaScript. */
export function acknowledgePage(view: AcknowledgeView): string {
  switch (view.kind) {
    case 'open':
      return page(
        'Acknowledge alert',
        `<h1 class="kicker">Alert${view.name ? ` for ${escapeHtml(view.name)}` : ''}</h1>
        <p class="message">${escapeHtml(view.text)}</p>
        <form method="post"><button type="submit" autofocus>I have seen this</button></form>
        <p class="hint">${
          view.isExhausted
            ? 'Everybody on the list has been contacted and nobody has answered yet.'
            : 'Until somebody does, the next person on the list will be contacted.'
        }</p>`,
      )
    case 'thanks':
      return page('Acknowledged', done(`Thank you. Nobody else will be contacted.`, view.text))
    case 'attended':
      return page('Already acknowledged', done(`${escapeHtml(view.who ?? 'Somebody')} has it already.`, view.text))
    case 'over':
      return page('Alert over', done('This alert is over. There is nothing to do.', view.text))
    case 'invalid':
      return page(
        'Link not valid',
        `<h1>This link is not valid</h1><p class="hint">It may be incomplete or too old. Reply to the message instead.</p>`,
      )
  }
}

function done(title: string, text: string): string {
  return `<h1><span class="tick" aria-hidden="true">✓</span> ${title}</h1><p class="message">${escapeHtml(text)}</p>`
}
