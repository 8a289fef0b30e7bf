import type { Channel } from '@switchboard/contracts'

import type { ChannelFormat } from './channel-format.ts'
import { messenger } from './messenger.ts'
import { sms } from './sms.ts'
import { viberService } from './viber-service.ts'
import { whatsapp } from './whatsapp.ts'

export const formats: Record<Channel, ChannelFormat> = { sms, whatsapp, messenger, viber_service: viberService }
