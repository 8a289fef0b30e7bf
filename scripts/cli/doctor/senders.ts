import type { Channel, SwitchboardConfig } from '@switchboard/contracts'

import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'

/** Our own addresses. That every channel of a policy has one is the configuration's own check. */
export function judgeSenders({ senders }: Pick<SwitchboardConfig, 'senders'>): Finding[] {
  const found = Object.entries(senders).flatMap(([channel, sender]) => (sender ? [judgeSender(channel, sender)] : []))
  if (found.length > 0) return found
  return [failure('Senders', 'there is none: nothing can be sent', 'Add your numbers to senders in the configuration.')]
}

const isPhoneChannel = (channel: string) => (['sms', 'whatsapp'] satisfies Channel[]).some((each) => each === channel)

function judgeSender(channel: string, sender: string): Finding {
  const about = `Sender ${channel}`
  if (!isPhoneChannel(channel) || /^[1-9]\d{2,14}$/.test(sender)) return ok(about, sender)
  if (/^[+0][\d ()-]*$/.test(sender)) {
    const todo = 'Write country code and number, digits alone, such as 447700900000.'
    return failure(about, `${sender} is not in international form`, todo)
  }
  const todo = 'To have replies, such as STOP or the code of an alert, use a number.'
  return warning(about, `${sender} is a name: nobody can reply to it`, todo)
}
