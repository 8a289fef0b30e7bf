/** What the page knows, kept fresh by the stream of changes. Views subscribe and are told once per frame. */
const KEPT_PER_THREAD = 400
const KEPT_LOG = 1_000
const KEPT_PEOPLE = 150

export const store = {
  people: new Map(),
  threads: new Map(),
  log: new Map(),
  calls: new Map(),
  state: {},
  scenarios: [],
  isConnected: false,
  /** There is a Switchboard behind the simulator that this page may ask. */
  canTry: false,
  /** Ids of the people whose phones are on the stage. */
  shown: new Set(),
}

const listeners = new Set()
let dirty = new Set()
let isScheduled = false

export function subscribe(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** `what` names what changed: `people`, `log`, `state`, `calls`, or `channel/address` of a thread. */
export function touch(...what) {
  for (const name of what) dirty.add(name)
  if (isScheduled) return
  isScheduled = true
  requestAnimationFrame(() => {
    isScheduled = false
    const changed = dirty
    dirty = new Set()
    for (const listener of listeners) listener(changed)
  })
}

export const threadKey = (channel, address) => `${channel}/${address}`
export const threadOf = (channel, address) => [...(store.threads.get(threadKey(channel, address))?.values() ?? [])]

/** Messages that the person has on the phone and has not opened. */
export function unreadOf(channel, address) {
  return threadOf(channel, address).filter((message) => message.direction === 'in' && message.status === 'delivered' && !store.seen.has(message.id))
}

/** Ids of messages that were shown on the screen: what `read` is to a channel that has none. */
store.seen = new Set(JSON.parse(sessionStorage.getItem('seen') ?? '[]'))

export function seen(messages) {
  for (const message of messages) store.seen.add(message.id)
  sessionStorage.setItem('seen', JSON.stringify([...store.seen].slice(-500)))
}

/** The call from the application that a person's phone rings with, or that they have taken. */
export function incomingOf({ number }) {
  return [...store.calls.values()].find((one) => one.rings !== null && one.rings === number && one.endedAt === null)
}

export function load(snapshot) {
  store.people = new Map(snapshot.people.map((person) => [person.id, person]))
  store.threads = new Map()
  for (const message of snapshot.messages) putMessage(message)
  store.log = new Map(snapshot.log.map((entry) => [entry.id, entry]))
  store.calls = new Map((snapshot.calls ?? []).map((call) => [call.uuid, call]))
  store.state = snapshot.state
  store.canTry = snapshot.canTry
  store.scenarios = snapshot.scenarios ?? store.scenarios
  touch('people', 'log', 'state', 'calls', ...store.threads.keys())
}

function putMessage(message) {
  const key = threadKey(message.channel, message.address)
  const thread = store.threads.get(key) ?? new Map()
  store.threads.set(key, thread)
  thread.set(message.id, message)
  if (thread.size > KEPT_PER_THREAD) thread.delete(thread.keys().next().value)
  return key
}

/** Keeps the first ten and the newest: a load test makes people by the thousand. */
function forgetPeople() {
  const ids = [...store.people.keys()]
  for (const id of ids.slice(10, Math.max(10, ids.length - KEPT_PEOPLE + 10))) {
    if (store.shown.has(id)) continue
    const { number, messenger, userId } = store.people.get(id)
    for (const key of store.threads.keys()) if ([number, messenger, userId].some((address) => key.endsWith(`/${address}`))) store.threads.delete(key)
    store.people.delete(id)
  }
}

function apply(batch) {
  for (const person of batch.people ?? []) store.people.set(person.id, person)
  if (batch.people) {
    forgetPeople()
    touch('people')
  }
  for (const message of batch.messages ?? []) touch(putMessage(message), 'badges')
  for (const entry of batch.log ?? []) store.log.set(entry.id, entry)
  if (batch.log) {
    for (const id of store.log.keys()) {
      if (store.log.size <= KEPT_LOG) break
      store.log.delete(id)
    }
    touch('log')
  }
  for (const call of batch.calls ?? []) store.calls.set(call.uuid, call)
  if (batch.calls) touch('calls')
  for (const state of batch.state ?? []) store.state = state
  if (batch.state) touch('state')
  for (const { channel, address } of batch.typing ?? []) showTyping(threadKey(channel, address))
  if (batch.reset) void refresh()
}

/** Shown for 25 seconds or until a message comes, as WhatsApp does. */
export const typing = new Map()
function showTyping(key) {
  typing.set(key, Date.now() + 25_000)
  touch(key)
  setTimeout(() => touch(key), 25_100)
}

export async function refresh() {
  load(await (await fetch('/snapshot')).json())
}

export function connect() {
  const events = new EventSource('/events')
  let wasLost = false
  events.addEventListener('hello', () => {
    store.isConnected = true
    touch('connection')
    if (wasLost) void refresh()
    wasLost = false
  })
  events.addEventListener('batch', (event) => apply(JSON.parse(event.data)))
  events.addEventListener('lost', () => void refresh())
  events.onerror = () => {
    store.isConnected = false
    wasLost = true
    touch('connection')
  }
}

/** A request to the control API; throws an Error whose message is for people. */
export async function control(method, path, body) {
  const payload = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(`/control${path}`, { method, ...payload })
  const answer = response.status === 204 ? null : await response.json()
  if (response.ok) return answer
  const reasons = (answer.invalid_parameters ?? []).map(({ name, reason }) => `${name} ${reason}`)
  throw new Error(reasons.length > 0 ? reasons.join('; ') : answer.title)
}
