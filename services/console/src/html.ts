import { personId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'

import type { Formats } from './formats.ts'

/** Small pieces of HTML that many templates use, put in with `<%~`. Whatever they are given is escaped here. */
export function createPieces(f: Formats) {
  const channel = (name: string) =>
    `<span class="channel">${icon(name === 'voice' ? 'calls' : name)}${escapeHtml(f.channelName(name))}</span>`
  return {
    icon,
    channel,
    /** Runs on in the page: `3 min ago`. */
    ago: (at: number) => `<time datetime="${f.iso(at)}" data-relative>${f.relative(at)}</time>`,
    time: (at: number) => `<time datetime="${f.iso(at)}">${f.clock(at)}</time>`,
    badge: (state: string, label = state) => `<span class="badge ${f.tone(state)}">${escapeHtml(label)}</span>`,
    person: (contact: Contact) =>
      `<a href="/people/${encodeURIComponent(personId(contact))}">${escapeHtml(contact.address)}</a>`,
  }
}

function icon(name: string): string {
  return `<svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#${escapeHtml(name)}"></use></svg>`
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
