import { phoneNumber, phoneNumbers } from './addresses.ts'
import type { AlertChannelFacts } from './channel-facts.ts'

/** A phone call, which carries nothing but alerts. */
export const voice: AlertChannelFacts = {
  label: 'phone call',
  how: 'by a call',
  sender: phoneNumber,
  addresses: phoneNumbers,
  /** A key that was pressed. */
  reportsRead: true,
  alertWording: 'alertCall',
  /** Of `talk` (Voice API). */
  maxAlertLength: 1_500,
}
