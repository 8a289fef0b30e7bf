export type Environment = Readonly<Record<string, string | undefined>>

export interface EffectiveVariable {
  name: string
  /** Undefined: not set, and no default. */
  value: string | undefined
  source: 'set' | 'file' | 'default' | 'unset'
}

type Variable = { name: string; usually?: string; isSecret?: true; isUrl?: true }

/** What processes read, in the order of .env.example. */
const variables: Variable[] = [
  { name: 'VONAGE_APPLICATION_ID' },
  { name: 'VONAGE_PRIVATE_KEY', isSecret: true },
  { name: 'VONAGE_API_KEY' },
  { name: 'VONAGE_API_SECRET', isSecret: true },
  { name: 'VONAGE_SIGNATURE_SECRET', isSecret: true },
  { name: 'VONAGE_SIGNATURE_TOLERANCE_SECONDS', usually: '86700' },
  { name: 'VONAGE_API_URL', usually: 'https://api.nexmo.com', isUrl: true },
  { name: 'VONAGE_REST_URL', usually: 'https://rest.nexmo.com', isUrl: true },
  { name: 'VONAGE_MESSAGES_VERSION', usually: 'v1' },
  { name: 'VONAGE_SMS_API', usually: 'messages' },
  { name: 'VONAGE_SMS_SIGNATURE_METHOD' },
  { name: 'VONAGE_SMS_UNSIGNED', usually: 'false' },
  { name: 'VONAGE_VOICE_UNSIGNED', usually: 'false' },
  { name: 'DISPATCH_STATUS_URL', isUrl: true },
  { name: 'DISPATCH_INBOUND_URL', isUrl: true },
  { name: 'PUBLIC_URL', usually: 'http://127.0.0.1:9000', isUrl: true },
  { name: 'ECHO_URL', isUrl: true },
  { name: 'TRUST_PROXY' },
  { name: 'API_TOKENS', isSecret: true },
  { name: 'SESSION_SECRET', isSecret: true },
  { name: 'CONSOLE_PASSWORD', isSecret: true },
  { name: 'CONSOLE_VIEWER_PASSWORD', isSecret: true },
  { name: 'CONSOLE_TICKET_SECRET', isSecret: true },
  { name: 'CONSOLE_SESSION_HOURS', usually: '12' },
  { name: 'ECHO_TOKEN_SECRET', isSecret: true },
  { name: 'REDIS_URL', usually: 'redis://127.0.0.1:6379', isUrl: true },
  { name: 'REDIS_CLUSTER', usually: 'false' },
  { name: 'SWITCHBOARD_CONFIG', usually: 'switchboard.config.json' },
  { name: 'LOG_LEVEL', usually: 'info' },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', isUrl: true },
]

/** The environment as this process sees it; the others are given the same one. */
export function effectiveEnvironment(env: Environment): EffectiveVariable[] {
  return variables.map((variable) => {
    const { name, usually } = variable
    const given = env[name]
    if (given) return { name, value: mask(variable, given), source: 'set' }
    if (env[`${name}_FILE`]) return { name, value: variable.isSecret ? '••••••' : env[`${name}_FILE`], source: 'file' }
    return { name, value: usually, source: usually === undefined ? 'unset' : 'default' }
  })
}

function mask({ isSecret, isUrl }: Variable, value: string): string {
  if (isSecret) return '••••••'
  const url = isUrl ? URL.parse(value) : undefined
  if (!url?.password) return value
  url.password = '******'
  return url.href
}

export function environmentWarnings(env: Environment): string[] {
  const isSet = (name: string) => Boolean(env[name] || env[`${name}_FILE`])
  const isOn = (name: string) => /^(true|1|yes|on)$/i.test(env[name] ?? '')
  const publicUrl = env['PUBLIC_URL'] ?? 'http://127.0.0.1:9000'
  return [
    ...(/\/\/(localhost|127\.|\[::1\])/.test(publicUrl)
      ? [`PUBLIC_URL is ${publicUrl}: links in messages, and Vonage's webhooks, do not reach it from outside.`]
      : []),
    ...(isSet('API_TOKENS') ? [] : ['API_TOKENS is not set: nobody can use /api.']),
    ...(isOn('VONAGE_SMS_UNSIGNED') ? ['VONAGE_SMS_UNSIGNED is on: anybody can pretend to be an SMS.'] : []),
    ...(isOn('VONAGE_VOICE_UNSIGNED') ? ['VONAGE_VOICE_UNSIGNED is on: anybody can pretend to be a call.'] : []),
    ...(isSet('CONSOLE_VIEWER_PASSWORD') ? [] : ['CONSOLE_VIEWER_PASSWORD is not set: whoever logs in may act.']),
  ]
}
