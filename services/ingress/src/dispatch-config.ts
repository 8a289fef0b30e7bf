import { createCallerVerifier } from '@switchboard/vonage'
import type { Verdict } from '@switchboard/vonage'
import { z } from 'zod'

/** Who may call our Dispatch endpoint, and where it reports. */
export const dispatchEnvironment = {
  /** One of the two, to check callers' tokens; the public key is enough. */
  VONAGE_PUBLIC_KEY: z.string().includes('PUBLIC KEY', { message: 'must be the PEM text of a public key' }).optional(),
  VONAGE_PRIVATE_KEY: z
    .string()
    .includes('PRIVATE KEY', { message: 'must be the PEM text of a private key' })
    .optional(),
  VONAGE_API_KEY: z.string().optional(),
  VONAGE_API_SECRET: z.string().optional(),
  DISPATCH_STATUS_URL: z.url({ protocol: /^https?$/ }).optional(),
  DISPATCH_INBOUND_URL: z.url({ protocol: /^https?$/ }).optional(),
}

type DispatchConfig = z.infer<z.ZodObject<typeof dispatchEnvironment>> & { VONAGE_APPLICATION_ID: string[] }

/** Checks callers of our Dispatch endpoint; without a key nobody may call. */
export function verifyCallerOf(config: DispatchConfig): (authorization: string | undefined) => Promise<Verdict> {
  const { VONAGE_PUBLIC_KEY: publicKey, VONAGE_PRIVATE_KEY: privateKey } = config
  if (publicKey === undefined && privateKey === undefined) {
    return async () => ({ kind: 'forged', reason: 'neither VONAGE_PUBLIC_KEY nor VONAGE_PRIVATE_KEY is set' })
  }
  return createCallerVerifier({
    applicationId: config.VONAGE_APPLICATION_ID[0] ?? '',
    publicKey,
    privateKey,
    apiKey: config.VONAGE_API_KEY,
    apiSecret: config.VONAGE_API_SECRET,
    now: Date.now,
  })
}
