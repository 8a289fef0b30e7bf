export type Channel = 'sms' | 'whatsapp' | 'messenger' | 'viber_service'

/** A message as the control API shows it; what else it has depends on its type. */
export interface PhoneMessage {
  id: string
  direction: 'in' | 'out'
  type: string
  text: string
  status: string
  [more: string]: unknown
}

export interface Phone {
  address: string
  /** The whole thread, oldest first. */
  messages(): Promise<PhoneMessage[]>
  /** A text, or anything that the control API takes. */
  sends(message: string | Record<string, unknown>): Promise<{ message_uuid: string }>
  /** Opens the thread. */
  reads(): Promise<{ read: number }>
  switches(switches: Record<string, boolean>): Promise<unknown>
  /** The first message that has arrived, fits, and was not expected before; rejects with the thread after a while. */
  expects(text: string | RegExp, options?: { withinMs?: number }): Promise<PhoneMessage>
}

export interface StartedSimulator {
  url: string
  credentials: {
    applicationId: string
    privateKey: string
    apiKey: string
    apiSecret: string
    signatureSecret: string
  }
  phone(channel: Channel, address: string): Phone
  /** Makes something go wrong, see "Faults". */
  fault(fault: Record<string, unknown>): Promise<unknown>
  /** The whole control API; rejects unless the answer is 2xx. */
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  reset(): Promise<unknown>
  stop(): Promise<void>
}

export interface SimulatorOptions {
  /** Base URL of the application. */
  callbackUrl?: string
  /** Of `npm run simulator -- --help`, without the dashes. */
  flags?: Record<string, string | number>
  /** Of the clock; 10 unless given. */
  speed?: number
}

export function startSimulator(options?: SimulatorOptions): Promise<StartedSimulator>
