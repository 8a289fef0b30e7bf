import { h, icon } from './dom.js'
import { channelNames, channels } from './format.js'
import { scenarioFile } from './scenario-file.js'
import { control, refresh, store, subscribe } from './store.js'

const kinds = {
  'send:status': { label: 'Answer with an error', fields: ['status', 'retryAfter', 'channel'] },
  'send:latency': { label: 'Answer slowly', fields: ['ms', 'channel'] },
  'send:hang': { label: 'Accept, answer after a minute', fields: ['channel'] },
  'send:accept-then-drop': { label: 'Accept, lose the answer', fields: ['channel'] },
  'send:drop': { label: 'Break the connection before', fields: ['channel'] },
  'send:outcome': { label: 'Decide the fate of a message', fields: ['outcome', 'code', 'channel'] },
  'webhook:duplicate': { label: 'Webhook twice', fields: ['webhook', 'channel'] },
  'webhook:delay': { label: 'Webhook late', fields: ['ms', 'webhook', 'channel'] },
  'webhook:reorder': { label: 'Webhook after the next one', fields: ['webhook', 'channel'] },
  'webhook:drop': { label: 'Webhook lost', fields: ['webhook', 'channel'] },
  'webhook:unsigned': { label: 'Webhook unsigned', fields: ['webhook', 'channel'] },
  'webhook:wrong-signature': { label: 'Webhook with a wrong signature', fields: ['webhook', 'channel'] },
  'webhook:wrong-hash': { label: 'Webhook signed over another body', fields: ['webhook', 'channel'] },
  'webhook:stale-iat': { label: 'Webhook signed a day ago', fields: ['webhook', 'channel'] },
}

const fieldMakers = {
  status: () => select('status', 'Status', [429, 500, 503, 401, 402, 422]),
  retryAfter: () => number('retryAfter', 'Retry-After (s)', 1),
  ms: () => number('ms', 'Milliseconds', 2_000),
  outcome: () => select('outcome', 'Outcome', ['rejected', 'undeliverable', 'silent', 'segment-timeout']),
  code: () => number('code', 'Code', 1330),
  webhook: () => select('webhook', 'Which', [['', 'any'], 'status', 'inbound', 'receipt', 'voice']),
  channel: () => select('channel', 'Channel', [['', 'any'], ...channels.map((channel) => [channel, channelNames[channel]])]),
}

export function createFaults() {
  const list = h('ul.faults')
  const extra = h('div.fields')
  const kind = h('select', { 'aria-label': 'What goes wrong', onchange: showFields }, Object.entries(kinds).map(([value, { label }]) => h('option', { value }, label)))
  const times = h('input', { type: 'number', min: '1', value: '1', 'aria-label': 'How often; empty for always' })
  const rate = h('input', { type: 'number', min: '1', max: '100', value: '100', 'aria-label': 'Probability in percent' })
  const problem = h('p.problem', { role: 'alert' })

  function showFields() {
    extra.replaceChildren(...kinds[kind.value].fields.map((name) => fieldMakers[name]()))
  }
  const add = async (event) => {
    event.preventDefault()
    const [target, name] = kind.value.split(':')
    const given = Object.fromEntries([...extra.querySelectorAll('[name]')].filter((input) => input.value !== '').map((input) => [input.name, input.type === 'number' || input.name === 'status' ? Number(input.value) : input.value]))
    try {
      await control('POST', '/faults', { target, kind: name, ...given, times: times.value === '' ? null : Number(times.value), rate: Number(rate.value) / 100 })
      problem.textContent = ''
    } catch (error) {
      problem.textContent = error.message
    }
  }
  const render = () => {
    const faults = store.state.faults ?? []
    list.replaceChildren(
      ...(faults.length === 0 ? [h('li.empty', {}, 'Nothing is going wrong.')] : []),
      ...faults.map(({ id, fault, remaining, happened }) =>
        h(
          'li',
          {},
          icon('bolt', 14),
          h('span', {}, h('b', {}, kinds[`${fault.target}:${fault.kind}`]?.label ?? fault.kind), h('small', {}, describe(fault, remaining, happened))),
          h('button', { type: 'button', 'aria-label': 'Remove', onclick: () => control('DELETE', `/faults/${id}`) }, icon('close', 14)),
        ),
      ),
    )
  }
  showFields()
  subscribe((changed) => changed.has('state') && render())
  render()
  const element = h(
    'div.controls',
    {},
    h('section', {}, h('h3', {}, 'Active'), list, h('button.quiet', { type: 'button', onclick: () => control('DELETE', '/faults') }, 'Remove all')),
    h('section', {}, h('h3', {}, 'Make something go wrong'), h('form.fault-form', { onsubmit: add }, label('What', kind), extra, h('div.fields', {}, label('Times', times), label('Probability %', rate)), h('button.primary', {}, 'Add'), problem)),
    h('section', {}, h('h3', {}, 'Scenarios'), scenarioFile(), h('ul.scenarios', {}, store.scenarios.map(({ name, title, description }) => h('li', {}, h('button', { type: 'button', onclick: () => control('POST', `/scenarios/${name}`) }, h('b', {}, title), h('small', {}, description)))))),
  )
  return { element, render }
}

function describe(fault, remaining, happened) {
  const { target: _target, kind: _kind, times: _times, rate, ...rest } = fault
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  if (rate < 1) parts.push(`${Math.round(rate * 100)} %`)
  parts.push(remaining === null ? 'always' : `${remaining} more`, `happened ${happened}×`)
  return parts.join(' · ')
}

const speeds = [1, 10, 100, 1_000]

export function createClockPanel() {
  const now = h('p.clock-now')
  const buttons = h('div.segments', { role: 'group', 'aria-label': 'Speed' })
  const steps = h('div.segments', { role: 'group', 'aria-label': 'Step' }, [[1_000, '+1 s'], [60_000, '+1 min'], [600_000, '+10 min'], [3_600_000, '+1 h'], [86_400_000, '+1 day']].map(([ms, text]) => h('button', { type: 'button', onclick: () => control('POST', '/clock/step', { ms }) }, text)))
  const render = () => {
    const { speed = 1, paused = false, now: at = Date.now() } = store.state.clock ?? {}
    const ahead = Math.round((at - Date.now()) / 1_000)
    now.textContent = paused ? 'Time stands still. Step it forward below.' : `Time runs ${speed === 1 ? 'as it does' : `${speed} times as fast`}${Math.abs(ahead) > 2 ? `, ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead' : 'behind'} when last changed` : ''}.`
    buttons.replaceChildren(
      ...speeds.map((value) => h('button', { type: 'button', 'aria-pressed': String(!paused && speed === value), onclick: () => control('PUT', '/clock', { speed: value, paused: false }) }, `×${value}`)),
      h('button', { type: 'button', 'aria-pressed': String(paused), onclick: () => control('PUT', '/clock', { paused: !paused }) }, 'Pause'),
    )
  }
  subscribe((changed) => changed.has('state') && render())
  render()
  const element = h(
    'div.controls',
    {},
    h('section', {}, h('h3', {}, 'Simulated time'), now, buttons),
    h('section', {}, h('h3', {}, 'Step'), steps),
    h('p.note', {}, 'Statuses, times to live, retries of webhooks, response windows and Dispatch follow this clock. Calls, timeouts and signatures do not, nor does your application.'),
  )
  return { element, render }
}

const choices = [
  ['smsApiDefault', 'Format of inbound SMS and receipts', [['messages', 'Messages API'], ['sms', 'SMS API']]],
  ['smsWebhookFormat', 'SMS API webhooks by', ['get', 'post', 'post-json']],
  ['webhookVersion', 'Messages webhooks', ['v1', 'v0.1']],
  ['smsSignatureMethod', 'Sign SMS API webhooks', [['', 'no'], 'md5hash', 'md5', 'sha1', 'sha256', 'sha512']],
  ['answerMethod', 'Answer URL by', ['GET', 'POST']],
]
const flags = [
  ['signWebhooks', 'Sign webhooks (JWT)'],
  ['signVoiceWebhooks', 'Sign voice webhooks'],
  ['enforceWindows', 'Enforce 24-hour windows'],
  ['strictSenders', 'Only our own senders'],
  ['strictTemplates', 'Only known templates'],
  ['optOutAssist', 'Opt-Out Assist'],
  ['viberTwoWay', 'Two-way Viber'],
  ['webhookRetries', 'Retry webhooks'],
]

export function createAccountPanel() {
  const element = h('div.controls')
  const change = (settings) => control('PUT', '/account', settings)
  const render = () => {
    const { account } = store.state
    const selects = choices.map(([name, text, options]) => {
      const input = select(name, text, options)
      const field = input.querySelector('select')
      field.value = account[name] ?? ''
      field.addEventListener('change', () => change({ [name]: field.value === '' ? null : field.value }))
      return input
    })
    const boxes = flags.map(([name, text]) => h('label.check', {}, h('input', { type: 'checkbox', checked: account[name], onchange: (event) => change({ [name]: event.target.checked }) }), text))
    element.replaceChildren(
      h('section', {}, h('h3', {}, 'Account'), selects, boxes),
      h('section', {}, h('h3', {}, 'Webhooks go to'), h('dl.urls', {}, Object.entries(account.urls).map(([name, url]) => [h('dt', {}, name), h('dd', {}, url)]))),
      h('section', {}, h('button.quiet', { type: 'button', onclick: async () => {
        await control('POST', '/reset')
        await refresh()
      } }, 'Reset everything'), h('p.note', {}, 'Everything here can also be done by program: ', h('a', { href: '/openapi.json' }, 'control API'), '.')),
    )
  }
  subscribe((changed) => changed.has('state') && element.isConnected && render())
  return { element, render }
}

function label(text, input) {
  return h('label.field', {}, h('span', {}, text), input)
}

function select(name, text, options) {
  return label(text, h('select', { name }, options.map((option) => (Array.isArray(option) ? h('option', { value: option[0] }, option[1]) : h('option', { value: String(option) }, String(option))))))
}

function number(name, text, value) {
  return label(text, h('input', { type: 'number', name, value: String(value), min: '0' }))
}
