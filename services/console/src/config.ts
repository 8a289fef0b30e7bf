import {
  commonEnvironment,
  dataEnvironment,
  flag,
  host,
  isLoopbackHost,
  isSimulated,
  port,
  positiveInteger,
  settingsFile,
  trustProxy,
  vonageEnvironment,
} from '@switchboard/runtime'
import { signingSecret } from '@switchboard/tokens'
import { z } from 'zod'

import type { OidcSettings } from './auth/oidc.ts'

const password = z.string().min(8, 'must have at least 8 characters')

export const configSchema = z
  .object({
    ...commonEnvironment,
    ...dataEnvironment,
    CONSOLE_PORT: port.default(9_100),
    CONSOLE_HOST: host,
    SWITCHBOARD_CONFIG: settingsFile,
    SESSION_SECRET: signingSecret,
    /** The way in on the first day: whoever knows it is an admin. */
    CONSOLE_PASSWORD: password,
    /** Lets people in who may only look. */
    CONSOLE_VIEWER_PASSWORD: password.optional(),
    CONSOLE_SESSION_HOURS: positiveInteger.max(720).default(12),
    /** Tries to log in per IP address in five minutes. */
    CONSOLE_LOGIN_ATTEMPTS: positiveInteger.default(10),
    /** An account without a second factor can do nothing but set it up. */
    CONSOLE_REQUIRE_SECOND_FACTOR: flag,
    TRUST_PROXY: trustProxy,
    /** Where browsers find it. */
    CONSOLE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    /** An OpenID provider at which people may log in who have an account here. */
    OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    OIDC_CLIENT_ID: z.string().min(1).optional(),
    OIDC_CLIENT_SECRET: z.string().min(1).optional(),
    OIDC_NAME_CLAIM: z.string().min(1).default('email'),
    /** Lets the simulator's page open the console without a password. The simulator makes it. */
    CONSOLE_TICKET_SECRET: z.string().min(32).optional(),
    VONAGE_API_URL: vonageEnvironment.VONAGE_API_URL,
  })
  .refine(
    ({ CONSOLE_PASSWORD: acts, CONSOLE_VIEWER_PASSWORD: looks }) => looks === undefined || acts !== looks,
    // Also where other variables are wrong: all problems are told at once.
    { message: 'must differ from CONSOLE_PASSWORD', path: ['CONSOLE_VIEWER_PASSWORD'], when: () => true },
  )

  .superRefine(({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, CONSOLE_URL: consoleUrl }, context) => {
    if (issuer === undefined) return
    const missing = (name: string) =>
      context.addIssue({ code: 'custom', path: [name], message: 'is required with OIDC_ISSUER' })
    if (clientId === undefined) missing('OIDC_CLIENT_ID')
    if (consoleUrl === undefined) missing('CONSOLE_URL')
    const { protocol, hostname } = new URL(issuer)
    if (protocol === 'http:' && !isLoopbackHost(hostname))
      context.addIssue({ code: 'custom', path: ['OIDC_ISSUER'], message: 'must be https, or this machine' })
  })

type OidcConfig = Pick<
  z.infer<typeof configSchema>,
  'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_NAME_CLAIM' | 'CONSOLE_URL'
>

/** Undefined without a provider. */
export function oidcSettingsOf(config: OidcConfig): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, CONSOLE_URL: consoleUrl } = config
  if (issuer === undefined || clientId === undefined || consoleUrl === undefined) return undefined
  return { issuer, clientId, clientSecret: config.OIDC_CLIENT_SECRET, nameClaim: config.OIDC_NAME_CLAIM, consoleUrl }
}

type TicketConfig = Pick<z.infer<typeof configSchema>, 'CONSOLE_TICKET_SECRET' | 'VONAGE_API_URL'>

/** Undefined with a real account, whatever is set. */
export function ticketSecretOf({ CONSOLE_TICKET_SECRET, VONAGE_API_URL }: TicketConfig): string | undefined {
  return isSimulated({ VONAGE_API_URL }) ? CONSOLE_TICKET_SECRET : undefined
}

export type Config = z.infer<typeof configSchema>
