import { h, icon } from '../dom.js'
import { control } from '../store.js'

const switches = [
  { name: 'power', label: 'On', icon: 'power', hint: 'Phone is on' },
  { name: 'readReceipts', label: 'Receipts', icon: 'eye', hint: 'Sends read receipts' },
  { name: 'autoRead', label: 'Auto-read', icon: 'bolt', hint: 'Reads every message by itself' },
  { name: 'roaming', label: 'Roaming', icon: 'plane', hint: 'No service: messages are rejected' },
  { name: 'blocked', label: 'Blocked', icon: 'block', hint: 'This person has blocked us' },
]

/** What is the matter with a phone and its owner, to be turned on and off. */
export function createSwitchBar(person) {
  const element = h('div.switches', { role: 'group', 'aria-label': 'Switches' })
  const render = () => {
    const { switches: state, id } = person()
    element.replaceChildren(
      ...switches.map(({ name, label, icon: glyph, hint }) =>
        h(
          'button.switch',
          {
            type: 'button',
            title: hint,
            'aria-pressed': String(state[name]),
            dataset: { switch: name },
            onclick: () => control('PUT', `/phones/${id}/switches`, { [name]: !person().switches[name] }),
          },
          icon(glyph, 15),
          label,
        ),
      ),
    )
  }
  return { element, render }
}
