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
  whatsapp: 'M12 3a9 9 0 0 0-7.800 13.500L3 21l4.700-1.200A9 9 0 1 0 12 3z M9 8.500c-.8 3 3 6.800 6 6.200l.6-1.700-2-1-1 .8c-1-.5-1.800-1.300-2.300-2.300l.8-1-1-2z',
  messenger: 'M12 3c-5 0-9 3.600-9 8.200 0 2.600 1.300 4.900 3.300 6.400V21l3.100-1.700c.8.200 1.700.3 2.600.3 5 0 9-3.700 9-8.300S17 3 12 3z M7 13.500l3.500-3.700 2.600 2 3.900-2-3.600 3.800-2.500-2z',
  viber_service: 'M6 3h12a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-5l-4 4v-4H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z M9 7c-1 3 3 7.500 6 7l.8-1.700-2-1-.9.8c-1-.5-1.800-1.300-2.200-2.300l.8-1-1-1.800z M13.500 6.500a4 4 0 0 1 3.500 3.500',
  phone: 'M6 3l3 .5 1.500 4L8.500 9.500c1 2.500 3 4.500 5.500 5.600l2-2.100 4 1.500.5 3c0 1.500-1.500 2.500-3 2.500C10 20 4 13 3.500 6.500 3.500 4.500 4.500 3 6 3z',
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
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z M5 11a7 7 0 0 0 14 0M12 18v3',
  hangup: 'M3 14c5-5 13-5 18 0l-2 3-4-1.500V13a12 12 0 0 0-6 0v2.500L5 17z',
  shield: 'M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6z M8.500 12l2.500 2.500 4.500-5',
  alert: 'M12 3l10 18H2z M12 10v5M12 18v.5',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1 M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  tick: 'M4 13l5 5L20 6',
  ticks: 'M1 13l5 5L16 6M11.5 17l1 1L23 6',
  file: 'M6 3h8l5 5v13H6z M14 3v5h5',
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
