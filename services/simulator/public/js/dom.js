/** Makes an element: `h('button.primary', { onclick }, 'Text', child)`. Never parses HTML. */
export function h(selector, props = {}, ...children) {
  const [tag, ...classes] = selector.split('.')
  const element = document.createElement(tag || 'div')
  if (classes.length > 0) element.className = classes.join(' ')
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'class') element.classList.add(...value.split(' ').filter(Boolean))
    else if (name === 'dataset') Object.assign(element.dataset, value)
    else if (name in element && name !== 'list' && typeof value !== 'string') element[name] = value
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  append(element, children)
  return element
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue
    element.append(child)
  }
  return element
}

const paths = {
  sms: 'M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9l-5 4V6a1 1 0 0 1 0-1z M8 9h8M8 13h5',
  whatsapp: 'M12 3a9 9 0 0 0-7.8 13.5L3 21l4.7-1.2A9 9 0 1 0 12 3z M9 8.5c-.8 3 3 6.8 6 6.2l.6-1.7-2-1-1 .8c-1-.5-1.8-1.3-2.3-2.3l.8-1-1-2z',
  messenger: 'M12 3c-5 0-9 3.6-9 8.2 0 2.6 1.3 4.9 3.3 6.4V21l3.1-1.7c.8.2 1.7.3 2.6.3 5 0 9-3.7 9-8.3S17 3 12 3z M7 13.5l3.5-3.7 2.6 2 3.9-2-3.6 3.8-2.5-2z',
  viber_service: 'M6 3h12a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-5l-4 4v-4H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z M9 7c-1 3 3 7.5 6 7l.8-1.7-2-1-.9.8c-1-.5-1.8-1.3-2.2-2.3l.8-1-1-1.8z M13.5 6.5a4 4 0 0 1 3.5 3.5',
  phone: 'M6 3l3 .5 1.5 4L8.5 9.5c1 2.5 3 4.5 5.5 5.6l2-2.1 4 1.5.5 3c0 1.5-1.5 2.5-3 2.5C10 20 4 13 3.5 6.5 3.5 4.5 4.5 3 6 3z',
  send: 'M4 12l16-8-5 16-3-7z M12 13l8-9',
  back: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  power: 'M12 3v8 M7 6a8 8 0 1 0 10 0',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  block: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M6 6l12 12',
  plane: 'M3 13l18-9-6 17-4-6z',
  bolt: 'M13 2L4 14h7l-1 8 9-12h-7z',
  in: 'M19 5L5 19M5 9v10h10',
  out: 'M5 19L19 5M9 5h10v10',
  copy: 'M9 9h11v11H9z M5 15H4V4h11v1',
  close: 'M6 6l12 12M18 6L6 18',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z M5 11a7 7 0 0 0 14 0M12 18v3',
  hangup: 'M3 14c5-5 13-5 18 0l-2 3-4-1.5V13a12 12 0 0 0-6 0v2.5L5 17z',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z M8.5 12l2.5 2.5 4.5-5',
  alert: 'M12 3l10 18H2z M12 10v5M12 18v.5',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1 M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  image: 'M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15 9h.5',
  pin: 'M12 21s7-6.5 7-12a7 7 0 1 0-14 0c0 5.5 7 12 7 12z M12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4 21c0-4.4 3.6-7 8-7s8 2.6 8 7',
  cart: 'M3 4h3l2.5 11h9L20 7H7 M10 19.5h.5M16 19.5h.5',
  heart: 'M12 20S4 14.5 4 9a4.2 4.2 0 0 1 8-2 4.2 4.2 0 0 1 8 2c0 5.5-8 11-8 11z',
  tick: 'M4 13l5 5L20 6',
  ticks: 'M1 13l5 5L16 6M11.5 17l1 1L23 6',
  file: 'M6 3h8l5 5v13H6z M14 3v5h5',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4z M10 21h4',
  feed: 'M4 17l5-6 4 4 7-9 M15 6h5v5',
  parcel: 'M4 8l8-4 8 4v9l-8 4-8-4z M4 8l8 4 8-4 M12 12v9',
  board: 'M4 5h16v14H4z M4 10h16 M10 10v9',
  queue: 'M4 6h16M4 12h16M4 18h10',
  away: 'M14 4h6v6 M20 4l-9 9 M18 14v6H4V6h6',
  none: 'M5 12h14',
}

export function icon(name, size = 20) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('width', size)
  svg.setAttribute('height', size)
  svg.setAttribute('aria-hidden', 'true')
  svg.classList.add('icon')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', paths[name] ?? '')
  svg.append(path)
  return svg
}

/** Says something to people who do not see the page. */
export function announce(text) {
  document.getElementById('announcer').textContent = text
}
