import { commonEnvironment, host, port, positiveInteger } from '@switchboard/runtime'
import { signingSecret } from '@switchboard/tokens'
import { z } from 'zod'

const secret = signingSecret.optional()

const environment = z.object({
  ...commonEnvironment,
  ECHO_PORT: port.default(3_000),
  HOST: host,
  ECHO_TOKEN_SECRET: secret,
  /** The ingress as this process reaches it. */
  INGRESS_URL: z.url({ protocol: /^https?$/ }).optional(),
  SESSION_SECRET: secret,
  ECHO_MAX_CALLS: positiveInteger.default(500),
  ECHO_PROCESSES: positiveInteger.default(1),
  ECHO_DRAIN_SECONDS: z.coerce.number().int().min(0).max(7_200).default(20),
})

/** The secret is the one the ingress signs with: `ECHO_TOKEN_SECRET`, else `SESSION_SECRET`. */
export const configSchema = Object.assign(
  environment
    // In the words of the other services, which need it as well: people are told once.
    .refine(({ ECHO_TOKEN_SECRET: own, SESSION_SECRET: shared }) => own !== undefined || shared !== undefined, {
      message: 'is required',
      path: ['SESSION_SECRET'],
      when: () => true,
    })
    .transform(({ ECHO_TOKEN_SECRET, SESSION_SECRET = '', ...config }) => ({
      ...config,
      tokenSecret: ECHO_TOKEN_SECRET ?? SESSION_SECRET,
    })),
  { shape: environment.shape },
)
