import type { PageFeatures, Snapshot } from './register.ts'

interface PageData extends Snapshot, PageFeatures {
  scenarios: { name: string; title: string; description: string }[]
}

/** The whole page as it is on the first paint; the modules below `/static` bring it to life. */
export function renderPage(data: PageData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>Switchboard simulator</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
${['base', 'phone', 'apps', 'panel', 'try'].map((name) => `<link rel="stylesheet" href="/static/css/${name}.css">`).join('\n')}
<script type="module" src="/static/js/main.js"></script>
</head>
<body>
<a class="skip" href="#stage">Skip to the phones</a>
<header class="top">
  <h1 class="brand"><img src="/static/icon.svg" alt="" width="28" height="28"><span>Switchboard <em>simulator</em></span></h1>
  <p class="callback" title="Where webhooks go">webhooks to <code>${escapeHtml(callbackOf(data))}</code></p>
  <div class="top-tools" id="tools"></div>
</header>
<main class="layout">
  <nav class="people" aria-label="People">
    <h2>People</h2>
    <ul id="people">${data.people.map((person) => `<li><button class="person"><span class="person-name">${escapeHtml(person.name)}</span></button></li>`).join('')}</ul>
    <form id="new-phone" class="new-phone" autocomplete="off">
      <label for="new-number">New phone</label>
      <div class="new-phone-row">
        <input id="new-number" name="number" inputmode="tel" placeholder="Type a number" aria-label="New phone: type a number" aria-describedby="new-problem">
        <button aria-label="Add a phone">+</button>
      </div>
      <p id="new-problem" class="problem" role="alert"></p>
    </form>
  </nav>
  <section class="stage" id="stage" aria-label="Phones" tabindex="-1"></section>
  <aside class="panel" id="panel" aria-label="Vonage"></aside>
</main>
<nav class="switcher" aria-label="View">
${data.canTry ? '  <button data-view="try" aria-pressed="true">Try it</button>' : ''}
  <button data-view="phones" aria-pressed="true">Phones</button>
  <button data-view="vonage" aria-pressed="false">Vonage</button>
</nav>
<div id="announcer" class="visually-hidden" aria-live="polite"></div>
<noscript><p class="noscript">The phones need JavaScript; the control API (<a href="/openapi.json">described here</a>) does not.</p></noscript>
<script type="application/json" id="snapshot">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>
</body>
</html>`
}

function callbackOf(data: PageData): string {
  return new URL(data.state.account.urls.inbound).origin
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
