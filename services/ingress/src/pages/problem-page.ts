import { escapeHtml, page } from './layout.ts'

/** What went wrong, for whoever opened a link in a browser. */
export function problemPage({ title, message }: { title: string; message: string }): string {
  return page(title, `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(message)}</p>`)
}
