import type { Snapshot } from './register.ts'

export function renderPage(snapshot: Snapshot): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Switchboard simulator</title></head>
<body><h1>Switchboard simulator</h1><ul>${snapshot.people.map((person) => `<li>${escape(person.name)}</li>`).join('')}</ul></body></html>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
