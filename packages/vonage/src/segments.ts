import type { AlertChannel } from '@switchboard/contracts'

const GSM7_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Sent as an escape and a character: two septets that stay in one part. */
const GSM7_EXTENSION = new Set('\f^{}\\[~]|€')

const GSM7 = { single: 160, part: 153 }
const UCS2 = { single: 70, part: 67 }

/**
 * How many SMS a text costs (3GPP TS 23.038; Vonage's concatenation guide). GSM-7 takes 160 septets or 153 a part,
 * anything else 70 UTF-16 units or 67 a part; a character is never split over two parts. 1 on the other channels.
 */
export function countParts(channel: AlertChannel, text: string): number {
  if (channel !== 'sms') return 1
  const limits = isGsm7(text) ? GSM7 : UCS2
  const widths = Array.from(text, limits === GSM7 ? septets : utf16Units)
  const total = widths.reduce((sum, width) => sum + width, 0)
  return total <= limits.single ? 1 : fillParts(widths, limits.part)
}

/** Whether the text can go out in GSM-7. */
export function isGsm7(text: string): boolean {
  for (const character of text) {
    if (!GSM7_BASIC.has(character) && !GSM7_EXTENSION.has(character)) return false
  }
  return true
}

function septets(character: string): number {
  return GSM7_EXTENSION.has(character) ? 2 : 1
}

function utf16Units(character: string): number {
  return character.length
}

function fillParts(widths: number[], capacity: number): number {
  let parts = 1
  let used = 0
  for (const width of widths) {
    if (used + width > capacity) {
      parts += 1
      used = 0
    }
    used += width
  }
  return parts
}
