import { invalidLinkPage, withLinks } from './acknowledge-page.ts'
import { escapeHtml, page } from './layout.ts'

export interface ListedAlert {
  id: string
  code: string
  text: string
  /** `thanks`: just acknowledged. */
  state: 'open' | 'thanks' | 'over'
  who: string | undefined
}

export type BundleView = { kind: 'list'; alerts: ListedAlert[] } | { kind: 'invalid' }

const STYLE = `
section { margin: 1.25rem 0 0; padding: 1rem 0 0; border-top: 1px solid var(--line) }
section .kicker, section .hint { margin: 0 } section .message { margin: 0 0 .75rem }
`

/** Several alerts that came in one message. Works without JavaScript. */
export function bundlePage(view: BundleView): string {
  if (view.kind === 'invalid') return invalidLinkPage()
  const open = view.alerts.filter(({ state }) => state === 'open').length
  const all =
    open > 1 ? `<form method="post"><button type="submit" autofocus>I have all ${open} of them</button></form>` : ''
  return page(
    'Acknowledge alerts',
    `<style>${STYLE}</style><h1>${view.alerts.length} alerts, ${open} open</h1>${all}${view.alerts.map(listed).join('')}`,
  )
}

function listed({ id, code, text, state, who }: ListedAlert): string {
  const heading = `<p class="kicker">${escapeHtml(code)}</p><p class="message" dir="auto">${withLinks(text)}</p>`
  switch (state) {
    case 'open':
      return `<section>${heading}<form method="post"><input type="hidden" name="alert" value="${escapeHtml(id)}">
        <button type="submit" class="plain">I have ${escapeHtml(code)}</button></form></section>`
    case 'thanks':
      return `<section>${heading}<p class="hint">✓ Thank you. Nobody else will be contacted.</p></section>`
    case 'over':
      return `<section>${heading}<p class="hint">${who === undefined ? 'Over.' : `${escapeHtml(who)} has it.`}</p></section>`
  }
}
