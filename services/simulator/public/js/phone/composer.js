import { h, icon } from '../dom.js'
import { channelNames } from '../format.js'
import { control } from '../store.js'
import { attachMenu } from './attach-menu.js'

/** The line at the bottom of a thread. `drafts` keeps what was typed and not sent, by channel. */
export function createComposer(channel, address, drafts) {
  const problem = h('p.problem', { role: 'alert' })
  const send = async (body) => {
    try {
      await control('POST', `/phones/${channel}/${address}/messages`, body)
      problem.textContent = ''
      return true
    } catch (error) {
      problem.textContent = error.message
      return false
    }
  }
  const field = h('textarea', {
    rows: '1',
    placeholder: channel === 'sms' ? 'Text message' : 'Message',
    'aria-label': `Message on ${channelNames[channel]}`,
    maxlength: '3200',
    onkeydown: (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      form.requestSubmit()
    },
    oninput: () => {
      drafts[channel] = field.value
      form.classList.toggle('has-text', field.value.trim() !== '')
    },
  })
  field.value = drafts[channel] ?? ''
  const form = h(
    'form.composer',
    {
      class: field.value ? 'has-text' : '',
      onsubmit: async (event) => {
        event.preventDefault()
        const text = field.value.trim()
        if (text === '') return
        field.value = ''
        delete drafts[channel]
        if (!(await send({ text }))) field.value = text
      },
    },
    channel === 'sms' ? null : attachMenu(channel, address, send),
    field,
    h('button.send', { 'aria-label': 'Send' }, icon('send', 20)),
    problem,
  )
  return form
}
