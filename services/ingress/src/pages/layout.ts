/** Of all public pages, light and dark. */
export const COLOURS = `
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #1c1b19; --soft: #6b6862; --line: #e2dfd8;
  --accent: #0b6e4f; --on-accent: #fff; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ground: #151513; --card: #1f1e1c; --ink: #f0eee9; --soft: #a19d95;
  --line: #34322e; --accent: #5fd3a4; --on-accent: #0c2219; --bad: #ff8a80 } }
`

const STYLE = `
${COLOURS}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.25rem; background: var(--ground);
  color: var(--ink); font: 1.0625rem/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif }
main { width: min(30rem, 100%); background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  padding: clamp(1.5rem, 5vw, 2.5rem); box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(0 0 0 / 6%) }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.3; text-wrap: balance }
p { margin: 0 0 1rem }
.kicker { margin: 0 0 .5rem; color: var(--soft); font-size: .875rem }
.message { font-size: 1.25rem; line-height: 1.4; overflow-wrap: anywhere; white-space: pre-line }
.hint { margin: 1rem 0 0; color: var(--soft); font-size: .9375rem }
.hint + form { margin-top: 1.25rem }
.tick, a { color: var(--accent) }
.error { color: var(--bad); font-size: .9375rem; margin: .375rem 0 0 }
label, legend { display: block; font-weight: 600; margin: 0 0 .375rem; padding: 0 }
fieldset { border: 0; margin: 0; padding: 0 }
.field { margin: 0 0 1.25rem }
input, select { width: 100%; padding: .75rem; border: 1px solid var(--line); border-radius: .625rem; font: inherit;
  color: inherit; background: var(--ground) }
button { width: 100%; padding: .9375rem; border: 0; border-radius: .75rem; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
button.plain { border: 1px solid var(--line); background: var(--ground); color: var(--ink) }
button.quiet { background: none; color: var(--soft); font-weight: 400; margin-top: .5rem }
button:focus-visible, a:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`

/** A public page: one card, readable light and dark, from 320 pixels up, without JavaScript. `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
