import { h, icon } from './dom.js'
import { control, refresh } from './store.js'

/** What is the case now, as a file: to be loaded again, or sent to somebody else. */
export function scenarioFile() {
  const problem = h('p.problem', { role: 'alert' })
  const attempt = async (act) => {
    try {
      await act()
      problem.textContent = ''
    } catch (error) {
      problem.textContent = error.message
    }
  }
  const save = async () => {
    const text = JSON.stringify(await control('GET', '/scenario'), null, 2)
    const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    h('a', { href, download: 'scenario.json' }).click()
    URL.revokeObjectURL(href)
  }
  const load = async () => {
    const [file] = picker.files
    picker.value = ''
    if (!file) return
    await control('POST', '/scenarios', JSON.parse(await file.text()))
    await refresh()
  }
  const picker = h('input', { type: 'file', accept: 'application/json', hidden: true, 'aria-label': 'Scenario file', onchange: () => attempt(load) })
  return h(
    'div.scenario-file',
    {},
    h('button.quiet', { type: 'button', onclick: () => attempt(save) }, icon('out', 14), 'Save as a file'),
    h('button.quiet', { type: 'button', onclick: () => picker.click() }, icon('in', 14), 'Load a file'),
    picker,
    problem,
  )
}
