import { createAccount, type Account, type AccountSettings } from './account.ts'
import { createCarrier, type Carrier } from './carrier/carrier.ts'
import { createOptOuts, type OptOuts } from './carrier/opt-outs.ts'
import { createPhone, type PhoneMessage } from './carrier/phone.ts'
import { createStatusReporter } from './carrier/status-reporter.ts'
import { createChangeFeed, type ChangeFeed } from './change-feed.ts'
import { createClock, type Clock } from './clock.ts'
import { summaryOf, viewOf } from './control/views.ts'
import type { Credentials } from './credentials.ts'
import { createFaults, type Faults } from './faults.ts'
import { createMessageStore, type Message, type MessageStore } from './message-store.ts'
import { openWindows } from './open-windows.ts'
import { addressesOf, createPeople, type GivenPerson, type People, type Person, type SwitchesChange } from './people.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { createSelf, type Self } from './vonage/self.ts'
import { createHttpClient, type HttpClient } from './webhooks/post.ts'
import { createWebhookSender, type WebhookSender } from './webhooks/sender.ts'

/** Everything that is the case: one account, its people and their phones, and what is on its way between them. */
export interface World {
  /** Where the simulator can be reached. */
  self: Self
  credentials: Credentials
  account: Account
  clock: Clock
  people: People
  messages: MessageStore
  faults: Faults
  log: RequestLog
  optOuts: OptOuts
  carrier: Carrier
  webhooks: WebhookSender
  http: HttpClient
  feed: ChangeFeed
  sendFromPhone(sent: PhoneMessage): Message
  /** Turns a person's switches; a phone that is on again gets what waited for it. */
  turnSwitches(address: string, change: SwitchesChange): Person
  /** Tells open pages that settings, faults or the clock changed. */
  announceState(): void
  /** Back to how it started; what is under way is forgotten. */
  reset(): void
  onReset(forget: () => void): void
  /** Told whenever people, messages or the opt-out list changed. */
  onChange(listener: () => void): void
  close(): Promise<void>
}

export interface WorldOptions {
  credentials: Credentials
  account: AccountSettings
  people: readonly GivenPerson[]
  speed: number
  /** How the application reaches the simulator; by default the address it listens on. */
  publicUrl?: string | undefined
}

export function createWorld(options: WorldOptions): World {
  const { credentials } = options
  const self = createSelf(options.publicUrl)
  const feed = createChangeFeed()
  const account = createAccount(options.account)
  const clock = createClock(options.speed)
  const changes = createListeners()
  const announce: ChangeFeed['publish'] = (...change) => {
    feed.publish(...change)
    changes.tell()
  }
  const people = createPeople(options.people, (person) => announce('people', person.id, () => person))
  const messages = createMessageStore((message) => announce('messages', message.id, () => viewOf(message)))
  const log = createRequestLog((entry) => feed.publish('log', entry.id, () => summaryOf(entry)))
  const resets = createListeners()
  const announceState = () => feed.publish('state', 'all', () => stateOf({ account, clock, faults }))
  const faults = createFaults(announceState)
  const optOuts = createOptOuts(changes.tell)
  const http = createHttpClient()
  const webhooks = createWebhookSender({ account, credentials, clock, faults, log, http })
  const carrier = createCarrier({ account, clock, faults, messages, people, optOuts })
  carrier.onStatus(createStatusReporter({ account, credentials, webhooks }))
  openWindows(options.people, { account, clock, messages })
  const sendFromPhone = createPhone({ self, account, credentials, clock, messages, people, webhooks, carrier, optOuts })

  const parts = { self, account, clock, people, messages, faults, log, optOuts, carrier, webhooks, http, feed }
  return {
    ...parts,
    credentials,
    sendFromPhone,
    turnSwitches(address, change) {
      const person = people.setSwitches(address, change)
      if (change.power === true) for (const own of addressesOf(person)) carrier.powerOn(own)
      return person
    },
    announceState,
    reset() {
      clock.clear()
      clock.set({ speed: options.speed, paused: false })
      for (const part of [webhooks, account, people, messages, log, optOuts, carrier]) part.reset()
      resets.tell()
      faults.clear()
      openWindows(options.people, { account, clock, messages })
      feed.publish('reset', 'all', () => true)
    },
    onReset: resets.add,
    onChange: changes.add,
    async close() {
      clock.clear()
      webhooks.reset()
      feed.close()
      await http.close()
    },
  }
}

function createListeners() {
  const listeners: (() => void)[] = []
  return {
    add: (listener: () => void) => void listeners.push(listener),
    tell: () => {
      for (const listener of listeners) listener()
    },
  }
}

/** What the page's panels show besides messages and the log. */
export function stateOf({ account, clock, faults }: Pick<World, 'account' | 'clock' | 'faults'>) {
  return { account: account.settings(), clock: clock.state(), faults: faults.list() }
}
