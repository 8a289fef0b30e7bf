import { personId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'

import type { Formats } from './formats.ts'
import { placeOfName } from './put-names.ts'

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
    person: (contact: Contact) => linkTo(personId(contact), contact.address),
    /** The same, by the id of a person. */
    personOf: (id: string, className = '') => linkTo(id, id.slice(id.indexOf('.') + 1), className),
    /** A text of somebody's own, in whichever direction it is read, that leaves what stands around it alone. */
    isolated: (text: string) => `<bdi>${escapeHtml(text)}</bdi>`,
    /** Only what somebody is called, nothing where they have no name. */
    nameOf: placeOfName,
  }
}

function icon(name: string): string {
  return `<svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#${escapeHtml(name)}"></use></svg>`
}

function linkTo(id: string, address: string, className = ''): string {
  const classes = className === '' ? '' : ` class="${className}"`
  return `<a${classes} href="/people/${encodeURIComponent(id)}">${placeOfName(id)}${escapeHtml(address)}</a>`
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
