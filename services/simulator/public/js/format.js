export const channelNames = { sms: 'SMS', whatsapp: 'WhatsApp', messenger: 'Messenger', viber_service: 'Viber' }
export const channels = Object.keys(channelNames)

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const exactFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

export const timeOf = (iso) => clockFormat.format(new Date(iso))
export const exactTimeOf = (iso) => exactFormat.format(new Date(iso))

/** `447700900010` as `+44 7700 900010`; other addresses as they are. */
export function prettyAddress(address) {
  if (!/^[1-9]\d{6,14}$/.test(address ?? '')) return address ?? ''
  if (address.startsWith('44')) return `+44 ${address.slice(2, 6)} ${address.slice(6)}`
  return `+${address}`
}

export function initialsOf(name) {
  const words = name.replace(/^\+/, '').split(/\s+/)
  return /^\d/.test(words[0]) ? words[0].slice(-2) : words.map((word) => word[0]).join('').slice(0, 2).toUpperCase()
}

export function hueOf(text) {
  let hash = 7
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)) % 360
  return hash
}

/** Splits a text into plain strings and links. */
export function linkify(text) {
  return text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/g).map((part, index) =>
    index % 2 === 1 ? { url: part } : part,
  )
}

export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Null where this person has no such app. */
export function addressOn(person, channel) {
  if (channel === 'messenger') return person.messenger
  return person.number ?? (channel === 'whatsapp' ? person.userId : null)
}
