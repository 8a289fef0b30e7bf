export function isPhoneNumber(value: unknown): value is string {
  return typeof value === 'string' && /^[1-9]\d{6,14}$/.test(value)
}

/** WhatsApp's business-scoped user id: who has a user name there need not show a number. */
export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{2}\.\w[\w.]{0,127}$/.test(value)
}

export const digitsAlone = 'must be digits without +'
