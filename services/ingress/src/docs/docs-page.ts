import { z } from 'zod'

import { COLOURS, escapeHtml } from '../pages/layout.ts'

const media = z.record(z.string(), z.object({ schema: z.unknown().optional(), example: z.unknown().optional() }))

const scalar = z.union([z.string(), z.number(), z.boolean()])

const operation = z.object({
  summary: z.string().default(''),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        description: z.string().default(''),
        schema: z.looseObject({
          type: z.string().optional(),
          enum: z.array(scalar).optional(),
          default: scalar.nullish(),
        }),
      }),
    )
    .default([]),
  requestBody: z.object({ content: media }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: media.optional() })),
})
type Operation = z.infer<typeof operation>

const description = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
})

interface Route extends Operation {
  method: string
  path: string
}

const STYLE = `${COLOURS}
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h1 { margin: 0 } h2 { margin: 2.5rem 0 .75rem; text-transform: capitalize } h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere }
h4 { margin: 1rem 0 .25rem; font-size: .875rem; color: var(--soft) }
p { margin: .5rem 0 } a { color: inherit } .soft { color: var(--soft) }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; margin: 0 0 .75rem }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
pre { margin: 0; padding: .75rem; background: var(--ground); border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
.method { display: inline-block; min-width: 4.5rem; color: var(--accent); font-weight: 700 }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; margin: 0 } dd { margin: 0; overflow-wrap: anywhere }
summary { cursor: pointer; margin-top: .75rem; color: var(--soft) }
nav ul { columns: 16rem; margin: 0; padding: 0; list-style: none } nav li { margin: 0 0 .25rem; break-inside: avoid; overflow-wrap: anywhere }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`

/** The API to read: every endpoint with its parameters, an example of what is sent and answered, and the exact schema. */
export function docsPage(document: unknown): string {
  const { info, paths } = description.parse(document)
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ ...each, path, method: method.toUpperCase() })),
  )
  const tags = [...new Set(routes.map(({ tags: [tag = 'other'] }) => tag))]
  const parts = tags.map((tag) => {
    const own = routes.filter(({ tags: [first = 'other'] }) => first === tag)
    return `<section><h2 id="${idOf(tag)}">${escapeHtml(tag)}</h2>\n${own.map(routePart).join('\n')}</section>`
  })
  const links = routes.map(
    (route) => `<li><a href="#${idOf(`${route.method}${route.path}`)}">${escapeHtml(route.summary)}</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)}: HTTP API</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>${escapeHtml(info.title)}: HTTP API</h1>
<p>${escapeHtml(info.description)} Version ${escapeHtml(info.version)}. For programs: <a href="/openapi.json">openapi.json</a>.</p>
<p class="soft">Every request carries <code>Authorization: Bearer …</code> with a token of yours. What is not done is answered with <code>application/problem+json</code>, which says why.</p>
<nav aria-label="Endpoints"><ul>${links.join('\n')}</ul></nav>
${parts.join('\n')}
</main></body>
</html>
`
}

function routePart(route: Route): string {
  const { method, path, summary, description: text, parameters, responses } = route
  const answers = Object.entries(responses).map(([code, answer]) => answerPart(code, answer))
  return `<article id="${idOf(`${method}${path}`)}">
<h3><code class="method">${method}</code> <code>${escapeHtml(path)}</code></h3>
<p><strong>${escapeHtml(summary)}</strong></p>
${text ? `<p class="soft">${withCode(text)}</p>` : ''}
${parameters.length > 0 ? `<h4>Parameters</h4><dl>${parameters.map(parameterPart).join('')}</dl>` : ''}
<h4>Example</h4>
<pre>${escapeHtml(curlOf(route))}</pre>
${answers.join('\n')}
${schemaPart(route)}
</article>`
}

function parameterPart(parameter: Operation['parameters'][number]): string {
  const { name, in: place, required, schema } = parameter
  const values = schema.enum ? schema.enum.join(' | ') : (schema.type ?? '')
  const facts = [
    values,
    place,
    required ? 'required' : '',
    schema.default === undefined || schema.default === null ? '' : `default ${schema.default}`,
  ]
  const about = facts.filter(Boolean).join(', ')
  return `<dt><code>${escapeHtml(name)}</code></dt><dd>${escapeHtml(about)}${
    parameter.description ? `<br>${withCode(parameter.description)}` : ''
  }</dd>`
}

function curlOf({ method, path, requestBody }: Route): string {
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const sent = body
    ? ` \\\n  -H 'Content-Type: ${type}' \\\n  -d '${JSON.stringify(body.example).replaceAll("'", "'\\''")}'`
    : ''
  return `curl ${method === 'GET' ? '' : `-X ${method} `}"$URL${path}" \\\n  -H "Authorization: Bearer $TOKEN"${sent}`
}

function answerPart(code: string, { description: text, content = {} }: Operation['responses'][string]): string {
  const [type, answer] = Object.entries(content)[0] ?? []
  // Of what goes wrong one example is enough for all.
  const isFailure = !code.startsWith('2')
  const words = text === 'Default Response' ? (type ?? '') : text
  const example = answer && !isFailure ? `<pre>${escapeHtml(JSON.stringify(answer.example, null, 2))}</pre>` : ''
  return `<h4>${escapeHtml(code)} <span>${withCode(words)}</span></h4>${example}`
}

/** For whoever needs to know exactly. */
function schemaPart({ requestBody, responses }: Route): string {
  const given = Object.values(requestBody?.content ?? {})[0]?.schema
  const answers = Object.entries(responses).flatMap(([code, { content }]) =>
    code.startsWith('2') && content ? [[code, Object.values(content)[0]?.schema]] : [],
  )
  const all = { ...(given === undefined ? {} : { request: given }), ...Object.fromEntries(answers) }
  return Object.keys(all).length === 0
    ? ''
    : `<details><summary>Schema</summary><pre>${escapeHtml(JSON.stringify(all, null, 1))}</pre></details>`
}

function withCode(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

function idOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
