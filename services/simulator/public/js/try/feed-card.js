import { control } from '../store.js'
import { button, createCard, customer } from './card.js'

const steps = {
  MSFT: { said: 'Watch her phone: the confirmation, then prices.', next: ['GOOGL', 'STOP'] },
  GOOGL: { said: 'The stream changes to GOOGL.', next: ['MSFT', 'STOP'] },
  STOP: { said: 'One confirmation, then silence: she has opted out of everything.', next: ['START'] },
  START: { said: 'She may be written to again.', next: ['MSFT'] },
}

/** Alice follows prices by SMS. */
export function createFeedCard(stage) {
  const text = (word) => card.attempt(async () => {
    const { id, number } = customer()
    stage.reveal()
    stage.show(id).open('sms', { isTyping: false })
    await control('POST', `/phones/sms/${number}/messages`, { text: word })
    const { said, next } = steps[word]
    card.say(said)
    card.offer(...next.map((other) => button(`Text ${other}`, () => text(other))))
  })
  const card = createCard({
    name: 'feed',
    glyph: 'feed',
    title: 'Follow a price by text',
    hint: 'Alice texts MSFT: a confirmation, then a price every ten seconds.',
    action: button('Text MSFT', () => text('MSFT')),
  })
  return card.element
}
