import { describe, expect, inject, test, vi } from 'vitest'

import { connectSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import { startTestStack } from '../support/test-stack.ts'

const shapes = [
  ['v1', {}, '"parameters":["Eve","Hello Eve, your parcel comes at noon. Reply 1 (fine) or 2 (later)."]'],
  ['v0.1', {}, '"parameters":[{"default":"Eve"},{"default":"Hello Eve,'],
  ['v0.1', { VONAGE_TEMPLATE_PARAMETERS: 'strings' }, '"parameters":["Eve","Hello Eve,'],
] as const

/** Stacks of their own: the version of the Messages API is set at the start. */
describe.for(shapes)('Messages %s %j', ([version, env, parameters]) => {
  test('outside the window the template goes out, within it the text', { timeout: 120_000 }, async () => {
    await using stack = await startTestStack({
      redisServerUrl: inject('redisUrl'),
      env: { VONAGE_MESSAGES_VERSION: version, ...env },
    })
    const simulator = connectSimulator(stack.addresses.simulator)
    const api = createSwitchboardApi(stack.addresses)
    const body = '{{1}}: {{2}}'
    await simulator.changesAccount({
      webhookVersion: version,
      strictTemplates: true,
      templates: { 'shop:parcel': { parameters: 2, body } },
    })
    const phone = simulator.phone('whatsapp')
    const request = { to: phone.address, channel: 'whatsapp', template: 'parcel', variables: { name: 'Eve' } }

    await api.post('/api/notifications', request)
    await phone.expects('Eve: Hello Eve, your parcel comes at noon.')
    const sent = await vi.waitFor(async () => {
      const entries = (await simulator.log()).map((entry) => JSON.stringify(entry))
      const found = entries.find((entry) => entry.includes('shop:parcel') && entry.includes(phone.address))
      expect(found).toBeDefined()
      return found ?? ''
    })
    // The log may keep the body as text.
    const unescaped = sent.replaceAll('\\"', '"')
    expect(unescaped).toContain(parameters)
    expect(unescaped).toContain('"locale":"en_GB"')

    await phone.sends('1')
    await phone.expects('picking option 1')
    await api.post('/api/notifications', request)
    await phone.expects(/^Hello Eve/)
  })
})
