import { h } from '../dom.js'
import { control } from '../store.js'

const westminster = { lat: 51.5007, long: -0.1246, name: 'Westminster' }

/** What pressing a button of a message sends; a Flow asks first, over the thread. */
export function pressButton(message, button, { over }) {
  const send = (body) => control('POST', `/phones/${message.channel}/${message.address}/messages`, { ...body, quoted: message.id, to: message.sender })
  const { title, value } = button
  switch (button.kind) {
    case 'quick-reply':
      return send({ button: { payload: value, text: title } })
    case 'order':
      return send({ order: JSON.parse(value) })
    case 'location':
      return send({ location: westminster })
    case 'copy':
      return navigator.clipboard.writeText(value)
    case 'flow':
      return over.append(flowForm(button, over, send))
    default:
      return send({ reply: { id: value, title, ...(button.description ? { description: button.description } : {}) } })
  }
}

/** The simulator does not have the Flow itself, its screens are with WhatsApp: it asks for what would come of it. */
function flowForm({ title, value: token }, over, send) {
  const field = h('textarea', { rows: '5', 'aria-label': 'What the Flow answers, in JSON' })
  field.value = '{\n  "name": "Alice"\n}'
  const problem = h('p.problem', { role: 'alert' })
  const form = h(
    'form.flow',
    {
      'aria-label': title,
      onsubmit: async (event) => {
        event.preventDefault()
        try {
          await send({ flow: { ...(token ? { flow_token: token } : {}), ...JSON.parse(field.value) } })
          form.remove()
        } catch (error) {
          problem.textContent = error.message
        }
      },
    },
    h('h4', {}, title),
    h('p', {}, 'What is filled into this Flow:'),
    field,
    problem,
    h('div.flow-actions', {}, h('button.quiet', { type: 'button', onclick: () => form.remove() }, 'Cancel'), h('button.primary', {}, 'Send')),
  )
  for (const open of over.querySelectorAll('.flow')) open.remove()
  queueMicrotask(() => field.focus({ preventScroll: true }))
  return form
}
