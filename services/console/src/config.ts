import {
  commonEnvironment,
  dataEnvironment,
  host,
  isSimulated,
  port,
  positiveInteger,
  settingsFile,
  trustProxy,
  vonageEnvironment,
} from '@switchboard/runtime'
import { signingSecret } from '@switchboard/tokens'
import { z } from 'zod'

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
    TRUST_PROXY: trustProxy,
    /** Lets the simulator's page open the console without a password. The simulator makes it. */
    CONSOLE_TICKET_SECRET: z.string().min(32).optional(),
    VONAGE_API_URL: vonageEnvironment.VONAGE_API_URL,
  })
  .refine(
    ({ CONSOLE_PASSWORD: acts, CONSOLE_VIEWER_PASSWORD: looks }) => looks === undefined || acts !== looks,
    // Also where other variables are wrong: all problems are told at once.
    { message: 'must differ from CONSOLE_PASSWORD', path: ['CONSOLE_VIEWER_PASSWORD'], when: () => true },
  )

type TicketConfig = Pick<z.infer<typeof configSchema>, 'CONSOLE_TICKET_SECRET' | 'VONAGE_API_URL'>

/** Undefined with a real account, whatever is set. */
export function ticketSecretOf({ CONSOLE_TICKET_SECRET, VONAGE_API_URL }: TicketConfig): string | undefined {
  return isSimulated({ VONAGE_API_URL }) ? CONSOLE_TICKET_SECRET : undefined
}

export type Config = z.infer<typeof configSchema>
