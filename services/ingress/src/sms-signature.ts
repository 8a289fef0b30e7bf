import { createSmsSignatureVerifier } from '@switchboard/vonage'

import type { Config } from './config.ts'
import type { SmsWebhookDeps } from './routes/sms-webhooks.ts'

/** How SMS API webhooks are checked. With several secrets (one is being replaced) any of them will do. */
export function smsSignatureOf(config: Config): SmsWebhookDeps['smsSignature'] {
  const method = config.VONAGE_SMS_SIGNATURE_METHOD
  if (!method) return { kind: config.VONAGE_SMS_UNSIGNED ? 'unsigned' : 'closed' }
  const verifiers = config.VONAGE_SIGNATURE_SECRET.map((secret) =>
    createSmsSignatureVerifier({
      secret,
      method,
      toleranceSeconds: config.VONAGE_SIGNATURE_TOLERANCE_SECONDS,
      now: Date.now,
    }),
  )
  return {
    kind: 'method',
    verify(params) {
      const verdicts = verifiers.map((verify) => verify(params))
      return verdicts.find(({ kind }) => kind === 'verified') ?? verdicts[0] ?? { kind: 'unsigned' }
    },
  }
}
