const EVERY_MS = 60_000
/** Events by which strangers fill a log are few kinds. */
const MAX_KINDS = 1_000

type Write = (fields: object, event: string) => void

/**
 * For lines that a stranger can cause: the first one of its kind, then one a minute that says how many there were. The
 * kind is the event and its fields.
 */
export function createSeldom(now: () => number): (write: Write, fields: object, event: string) => void {
  const kinds = new Map<string, { saidAt: number; silent: number }>()
  return (write, fields, event) => {
    const kind = `${event} ${JSON.stringify(fields)}`
    const last = kinds.get(kind)
    if (last && now() - last.saidAt < EVERY_MS) {
      last.silent += 1
      return
    }
    if (kinds.size >= MAX_KINDS) kinds.clear()
    kinds.set(kind, { saidAt: now(), silent: 0 })
    write(last && last.silent > 0 ? { ...fields, alsoBefore: last.silent } : fields, event)
  }
}
