/** A message for the person at the terminal; the command ends with exit status 1. */
export class CommandError extends Error {
  override name = 'CommandError'
}
