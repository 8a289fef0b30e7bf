import { button, createCard, customer } from './card.js'

/** Alice calls our number. */
export function createCallCard(stage) {
  const call = () => card.attempt(async () => {
    stage.reveal()
    await stage.show(customer().id).call()
    card.say('Speak into your microphone; without one, a test tone goes out.')
  })
  const card = createCard({
    name: 'call',
    glyph: 'mic',
    title: 'Hear your own voice',
    hint: 'Alice calls, a WebSocket takes the call, and what you say comes back.',
    action: button('Call', call),
  })
  return card.element
}
