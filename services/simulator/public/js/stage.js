import { createPhone } from './phone/phone.js'
import { store, touch } from './store.js'

const mobile = matchMedia('(max-width: 760px)')
/** A phone and the gap beside it. */
const PHONE_WIDTH = 356

/** The phones that are shown. `onPick` gets a message whose story is wanted; `onShow` is told when a phone is asked for. */
export function createStage({ onPick, onShow }) {
  const element = document.getElementById('stage')
  const phones = new Map()

  /** How many phones fit beside each other. */
  function capacity() {
    if (mobile.matches) return 1
    return Math.max(1, Math.floor((element.clientWidth - 24) / PHONE_WIDTH))
  }

  function show(personId) {
    if (phones.has(personId)) return phones.get(personId)
    const phone = createPhone(personId, { onPick })
    phones.set(personId, phone)
    store.shown.add(personId)
    element.append(phone.element)
    while (phones.size > capacity()) hide([...phones.keys()].find((id) => id !== personId))
    touch('stage')
    return phone
  }

  function hide(personId) {
    const phone = phones.get(personId)
    phone?.stop()
    phone?.element.remove()
    phones.delete(personId)
    store.shown.delete(personId)
    touch('stage')
  }

  /** On a small screen there is one phone; elsewhere a click puts a phone on the stage or takes it off. */
  function toggle(personId, isNew = false) {
    onShow()
    if (phones.has(personId) && !isNew && !mobile.matches && phones.size > 1) hide(personId)
    else show(personId).focus()
  }

  /** Marks the phone of the person whose turn it is, and no other. */
  function ring(personId) {
    for (const [id, phone] of phones) phone.element.classList.toggle('is-ringing', id === personId)
  }

  /** The phone that the keyboard means: the one with the focus, else the first. */
  function current() {
    const id = document.activeElement?.closest('.phone')?.dataset.person ?? phones.keys().next().value
    return phones.get(id)
  }

  for (const id of [...store.people.keys()].slice(0, capacity())) show(id)
  addEventListener('resize', () => {
    while (phones.size > capacity()) hide([...phones.keys()].at(-1))
    for (const id of store.people.keys()) if (phones.size < Math.min(capacity(), 2)) show(id)
  })
  return {
    show,
    toggle,
    ring,
    current,
    isShown: (id) => phones.has(id),
    get: (id) => phones.get(id),
    /** On a small screen, brings the phones to the front. */
    reveal: onShow,
  }
}
