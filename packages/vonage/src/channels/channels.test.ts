import type { Channel } from '@switchboard/contracts'

import { testChannel } from './channel.testsuite.ts'
import type { ChannelCase } from './channel.testsuite.ts'

const rows: Record<Channel, ChannelCase> = {
  sms: {
    channel: 'sms',
    sender: 'ACME',
    recipient: '447700900010',
    maxTextLength: 3200,
    v01: { from: { type: 'sms', number: 'ACME' }, to: { type: 'sms', number: '447700900010' } },
  },
  whatsapp: {
    channel: 'whatsapp',
    sender: '447700900001',
    recipient: '447700900010',
    maxTextLength: 4096,
    v01: { from: { type: 'whatsapp', number: '447700900001' }, to: { type: 'whatsapp', number: '447700900010' } },
  },
  messenger: {
    channel: 'messenger',
    sender: '100000001',
    recipient: '9007199254740993000',
    maxTextLength: 640,
    v01: { from: { type: 'messenger', id: '100000001' }, to: { type: 'messenger', id: '9007199254740993000' } },
  },
  viber_service: {
    channel: 'viber_service',
    sender: 'Switchboard',
    recipient: '447700900010',
    maxTextLength: 1000,
    v01: {
      from: { type: 'viber_service_msg', id: 'Switchboard' },
      to: { type: 'viber_service_msg', number: '447700900010' },
    },
  },
}

for (const row of Object.values(rows)) testChannel(row)
