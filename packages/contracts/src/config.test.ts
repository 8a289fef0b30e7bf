import { describe, expect, it } from 'vitest'

import { switchboardConfig } from './config.ts'

const simulated = { source: 'simulated', everySeconds: 10, start: 420 }

function problems(config: unknown): string[] {
  const parsed = switchboardConfig.safeParse(config)
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('switchboardConfig', () => {
  it('needs nothing: everything has a default', () => {
    const config = switchboardConfig.parse({})
    expect(config).toMatchObject({ senders: {}, feeds: {}, policies: {}, rates: { sms: 30, messenger: 30 } })
    expect(config.texts.help).toContain('{topics}')
  })

  it('accepts one of each kind of feed', () => {
    const http = { source: 'http', everySeconds: 60, url: 'https://prices.example/msft', field: 'data.price' }
    const config = switchboardConfig.parse({ feeds: { MSFT: simulated, GOOGL: http, 天気: { source: 'push' } } })
    expect(config.feeds).toMatchObject({
      MSFT: { text: '{topic} {value}' },
      GOOGL: { onlyOnChange: false },
      天気: { everySeconds: 60 },
    })
  })

  it('a bad name hides no problem of what has it, nor of its neighbours', () => {
    const found = problems({
      templates: { fax: {}, whatsapp: { name: '', locale: 'x' } },
      notifications: { delivery: { text: '', options: { ' 1': 'fine', STOP: 'no', '2': 3 } } },
    })
    expect(found.map((each) => each.slice(0, each.indexOf(':')))).toEqual(
      expect.arrayContaining([
        'templates',
        'templates.whatsapp.name',
        'templates.whatsapp.locale',
        'notifications.delivery.text',
        'notifications.delivery.options. 1',
        'notifications.delivery.options.STOP',
        'notifications.delivery.options.2',
      ]),
    )
  })

  it('names every problem at once, each with its path', () => {
    const found = problems({
      sender: {},
      senders: { whatsapp: '+447700900001', messenger: 'page' },
      rates: { sms: 0 },
      feeds: {
        MSFT: { everySeconds: 10 },
        GOOGL: { ...simulated, everySeconds: 0 },
        STOP: simulated,
        'two words': simulated,
      },
      policies: { oncall: { users: [{ name: 'Tony', channels: [{ type: 'sms', id_num: '447700900011' }] }] } },
    })
    for (const path of [
      'senders.whatsapp',
      'senders.messenger',
      'rates.sms',
      'feeds.MSFT.source',
      'feeds.GOOGL.everySeconds',
      'feeds.STOP',
      'feeds.two words',
      'policies.oncall.users.0.channels',
    ]) {
      expect(found.filter((problem) => problem.startsWith(`${path}: `))).toHaveLength(1)
    }
    expect(found).toContainEqual(expect.stringContaining('"sender"'))
  })

  it('refuses topics that a text could not tell apart', () => {
    expect(problems({ feeds: { MSFT: simulated, msft: simulated, GOOGL: simulated } })).toEqual([
      'feeds.msft: is the same word as "MSFT"',
    ])
  })
})
