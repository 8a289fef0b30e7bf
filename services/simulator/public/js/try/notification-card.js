import { control } from '../store.js'
import { button, createCard, customer } from './card.js'

const POLL_MS = 1_000
/** Somebody who has not answered by then is not watching. */
const POLLS = 180

/** Alice is asked when to deliver. */
export function createNotificationCard(stage) {
  let current
  const reply = () => card.attempt(async () => {
    const { id, number } = customer()
    stage.reveal()
    stage.show(id).open('sms', { isTyping: false })
    await control('POST', `/phones/sms/${number}/messages`, { text: '2' })
  })
  const watch = async (id, name) => {
    for (let poll = 0; poll < POLLS && current === id; poll += 1) {
      const progress = await control('GET', `/try/notifications/${id}?name=${encodeURIComponent(name)}`)
      card.say(progress.sentence)
      card.offer(...(progress.isAsking ? [button('Reply 2', reply)] : []))
      if (progress.isOver) return
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
  const send = () => card.attempt(async () => {
    const { id: person, number, name } = customer()
    stage.reveal()
    stage.show(person)
    const { id } = await control('POST', '/try/notifications', { to: number })
    current = id
    await watch(id, name)
  })
  const card = createCard({
    name: 'notification',
    glyph: 'parcel',
    title: 'Ask a customer',
    hint: 'Alice gets a delivery notification, replies 1, 2 or 3, and her choice is stored.',
    action: button('Send it', send),
  })
  return card.element
}
