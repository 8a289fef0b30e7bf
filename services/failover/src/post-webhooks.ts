import { PermanentError } from '@switchboard/contracts'
import type { DispatchWebhook } from '@switchboard/contracts'
import { createWebhookPoster, createWebhookSigner } from '@switchboard/vonage'

interface PosterConfig {
  VONAGE_SIGNATURE_SECRET?: string | undefined
  VONAGE_API_KEY?: string | undefined
  VONAGE_APPLICATION_ID: string
}

const TIMEOUT_MS = 10_000

/** Handles a webhook to a caller of our Dispatch endpoint: posts it, signed as Vonage signs. */
export function createPoster(config: PosterConfig, stack: AsyncDisposableStack) {
  const [secret] = (config.VONAGE_SIGNATURE_SECRET ?? '').split(',')
  if (!secret) {
    return async ({ id }: DispatchWebhook): Promise<void> => {
      throw new PermanentError(`The webhook ${id} cannot be signed: VONAGE_SIGNATURE_SECRET is not set`)
    }
  }
  const sign = createWebhookSigner({
    secret,
    apiKey: config.VONAGE_API_KEY ?? '',
    applicationId: config.VONAGE_APPLICATION_ID,
    now: Date.now,
  })
  const poster = stack.use(createWebhookPoster({ sign, timeoutMs: TIMEOUT_MS }))
  return ({ url, body }: DispatchWebhook): Promise<void> => poster.post(url, body)
}
