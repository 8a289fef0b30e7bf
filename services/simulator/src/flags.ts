import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** Flags and the environment variables that they stand for. */
const flags = {
  port: ['SIMULATOR_PORT', 'port of the page, of Vonage and of the control API (9200)'],
  host: ['SIMULATOR_HOST', 'address to listen on (127.0.0.1)'],
  'public-url': ['SIMULATOR_PUBLIC_URL', 'how your application reaches it, if not there'],
  data: ['SIMULATOR_DATA', 'folder of the generated credentials (.data/simulator)'],
  'callback-url': ['SIMULATOR_CALLBACK_URL', 'base URL of your application (http://127.0.0.1:9000)'],
  'inbound-url': ['SIMULATOR_INBOUND_URL', 'Messages inbound webhook'],
  'status-url': ['SIMULATOR_STATUS_URL', 'Messages status webhook'],
  'inbound-sms-url': ['SIMULATOR_INBOUND_SMS_URL', 'SMS API inbound webhook'],
  'delivery-receipt-url': ['SIMULATOR_DELIVERY_RECEIPT_URL', 'SMS API delivery receipts'],
  'answer-url': ['SIMULATOR_ANSWER_URL', 'voice answer webhook'],
  'answer-fallback-url': ['SIMULATOR_ANSWER_FALLBACK_URL', 'voice fallback answer webhook'],
  'event-url': ['SIMULATOR_EVENT_URL', 'voice event webhook'],
  'application-id': ['VONAGE_APPLICATION_ID', 'id of your application'],
  'public-key': ['VONAGE_PUBLIC_KEY', 'file with its public key, PEM'],
  'private-key': ['VONAGE_PRIVATE_KEY', 'or file with its private key, PEM'],
  'api-key': ['VONAGE_API_KEY', 'API key of your account'],
  'api-secret': ['VONAGE_API_SECRET', 'and its secret'],
  'signature-secret': ['VONAGE_SIGNATURE_SECRET', 'what webhooks are signed with'],
  sms: ['SIMULATOR_SMS_SENDER', 'your number for SMS and calls (447700900000)'],
  whatsapp: ['SIMULATOR_WHATSAPP_SENDER', 'your WhatsApp number (447700900001)'],
  messenger: ['SIMULATOR_MESSENGER_SENDER', 'your Messenger page (100000001)'],
  viber: ['SIMULATOR_VIBER_SENDER', 'your Viber service (Switchboard)'],
  'sms-api': ['SIMULATOR_SMS_API_DEFAULT', 'format of inbound SMS: messages or sms (messages)'],
  'sms-format': ['SIMULATOR_SMS_WEBHOOK_FORMAT', 'SMS API webhooks: get, post or post-json (get)'],
  'sms-signature': ['SIMULATOR_SMS_SIGNATURE_METHOD', 'sign them: md5hash, md5, sha1, sha256 or sha512 (no)'],
  'webhook-version': ['SIMULATOR_WEBHOOK_VERSION', 'Messages webhooks: v1 or v0.1 (v1)'],
  'any-sender': ['SIMULATOR_ANY_SENDER', 'true: senders need not be yours'],
  speed: ['SIMULATOR_SPEED', 'clock factor (1)'],
  scenario: ['SIMULATOR_SCENARIO', 'scenario file to load'],
  'health-port': ['HEALTH_PORT', 'port of /livez, /readyz and /metrics (8080)'],
  'log-level': ['LOG_LEVEL', 'fatal to trace (info)'],
} as const

const files = ['public-key', 'private-key']

export type ReadFlags =
  | { kind: 'run'; environment: Record<string, string> }
  | { kind: 'help'; text: string }
  | { kind: 'wrong'; problem: string }

/** What the command line adds to the environment. */
export function readFlags(args: readonly string[]): ReadFlags {
  const options = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (values.help === true) return { kind: 'help', text: usage() }
    const environment: Record<string, string> = {}
    for (const [name, [variable]] of Object.entries(flags)) {
      const value = Object.entries(values).find(([key]) => key === name)?.[1]
      if (typeof value === 'string') environment[variable] = files.includes(name) ? readFileSync(value, 'utf8') : value
    }
    return { kind: 'run', environment }
  } catch (error) {
    return { kind: 'wrong', problem: error instanceof Error ? error.message : String(error) }
  }
}

function usage(): string {
  const lines = Object.entries(flags).map(
    ([name, [variable, text]]) => `  --${name.padEnd(22)} ${text}\n${' '.repeat(27)}${variable}`,
  )
  return `A local Vonage with phones in the browser.\n\nEvery flag can also be given by the environment, and secrets by <VARIABLE>_FILE.\n\n${lines.join('\n')}\n`
}
