import type { Account } from './account.ts'
import type { Clock } from './clock.ts'
import type { MessageStore } from './message-store.ts'
import type { GivenPerson } from './people.ts'

interface WindowDeps {
  account: Pick<Account, 'settings'>
  clock: Pick<Clock, 'now'>
  messages: Pick<MessageStore, 'heard'>
}

/** Opens the 24-hour windows of those who have written before the simulator began. */
export function openWindows(people: readonly GivenPerson[], { account, clock, messages }: WindowDeps): void {
  const { senders } = account.settings()
  const now = clock.now()
  for (const { number, messenger, hasWritten } of people) {
    if (!hasWritten) continue
    if (number !== undefined) messages.heard('whatsapp', number, senders.whatsapp, now)
    if (messenger !== undefined) messages.heard('messenger', messenger, senders.messenger, now)
  }
}
