import { expect } from 'vitest'

import { dial } from './caller.ts'
import type { Checkout } from './checkout.ts'
import { connectConsole } from './console-client.ts'
import { connectSimulator } from './simulator.ts'
import { createSwitchboardApi } from './switchboard-api.ts'
import type { StackAddresses } from './test-stack.ts'

/** The table to try: [what to do, what to see], as written. */
export function readTable(readme: string): [string, string][] {
  const [, table = ''] = /^\| do \| and see \|\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(readme) ?? []
  return [...table.matchAll(/^\| (.*?) \| (.*?) \|$/gm)].map(([, todo = '', see = '']) => [todo, see])
}

/** Does it, row by row; each looks at the phone, the page or the terminal that the row speaks of. */
export function tableSteps(addresses: StackAddresses, checkout: Checkout): ((row: string) => Promise<void>)[] {
  const simulator = connectSimulator(addresses.simulator)
  const phone = simulator.phone('sms')
  return [
    async () => {
      await phone.sends('hello')
      await phone.expects(/MSFT or GOOGL/)
    },
    async () => {
      await phone.sends('msft please')
      await phone.expects(/You now receive MSFT updates here. Current value: [\d.]+/)
      await phone.expects(/^MSFT [\d.]+$/)
    },
    async () => {
      const operator = await connectConsole(addresses.console, addresses.consolePassword)
      await operator.post('/notify', { name: 'delivery', channel: 'sms', number: phone.address })
      await phone.expects(/Your delivery is scheduled/)
      await phone.sends('2')
      await phone.expects('Thank you for picking option 2')
      const stored = await createSwitchboardApi(addresses).get(`/api/notifications?to=${phone.address}`)
      expect(stored).toMatchObject({ notifications: [{ choice: { option: '2' } }] })
    },
    async () => {
      await phone.sends('GOOGL')
      await phone.expects(/You now receive GOOGL/)
      await phone.expects(/^GOOGL [\d.]+$/)
      await phone.sends('STOP')
      await phone.expects('You will not receive any more messages')
      await phone.expectsNothing(1_500)
    },
    async (row) => {
      const [, body = ''] = /`(npm run .*)`/.exec(row) ?? []
      const [tony, tonySms, michael] = [
        simulator.phone('messenger', '9000000001'),
        simulator.phone('sms', '447700900011'),
        simulator.phone('whatsapp', '447700900012'),
      ]
      const walk = checkout.run([{ body }])
      await tony.expects('Main server down')
      await tonySms.expects('Main server down')
      await michael.expects('Main server down')
      await michael.reads()
      expect(await walk).toContain('Michael has seen it (whatsapp, read)')
      await tonySms.expects(/Michael has it/)
    },
    async () => {
      const call = await dial(addresses.simulator)
      await call.until(({ frames }) => (frames?.echoed ?? 0) > 0, 'the voice comes back')
      await call.hangsUp()
    },
  ]
}
