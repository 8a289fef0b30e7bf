import { expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { connectConsole } from '../support/console-client.ts'
import { connectSimulator } from '../support/simulator.ts'

const stack = inject('stack')
const simulator = connectSimulator(stack.simulator)
const alerts = createAlertClient(stack)

test('what is typed in several lines reaches the phone as it was typed: browsers send two characters for a line break', async () => {
  const [tony, ann] = [simulator.phone('sms'), simulator.phone('sms')]
  const people = [tony, ann].map(({ address }, at) => `${['Tony', 'Ann'][at]}: sms +${address}, viber ${address}`)
  const ada = await connectConsole(stack.console, stack.consolePassword)
  const text = `Pump ${tony.address}\r\nstopped`
  const started = await ada.post('/alerts', { how: 'hand', people: people.join('\r\n'), wait: '600', text })
  const id = started.headers.get('location')?.split('/').at(-1)

  const asked = await tony.expects(/^Pump/)
  expect(asked.text).toContain(`Pump ${tony.address}\nstopped`)
  expect(await alerts.get(`/api/alerts/${id}`)).toMatchObject({ text: `Pump ${tony.address}\nstopped` })

  const link = /http\S+/.exec(asked.text)?.[0] ?? ''
  const act = /name="id" value="([^"]+)"/.exec(await (await fetch(link)).text())?.[1] ?? ''
  const body = new URLSearchParams({ act: 'note', id: act, text: 'The spare is in hall 2\r\nbehind the door' })
  await fetch(link, { method: 'POST', body })
  await expect
    .poll(() => alerts.get(`/api/alerts/${id}`))
    .toMatchObject({
      timeline: expect.arrayContaining([
        expect.objectContaining({ reason: 'The spare is in hall 2\nbehind the door' }),
      ]),
    })
})
