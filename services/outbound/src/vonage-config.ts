import type { VonageConfig } from '@switchboard/vonage'
import type { z } from 'zod'

import type { configSchema } from './config.ts'

/** The environment in the client's words. */
export function vonageConfig(config: z.infer<typeof configSchema>): VonageConfig {
  return {
    apiUrl: config.VONAGE_API_URL,
    restUrl: config.VONAGE_REST_URL,
    applicationId: config.VONAGE_APPLICATION_ID,
    privateKey: config.VONAGE_PRIVATE_KEY,
    messagesVersion: config.VONAGE_MESSAGES_VERSION,
    smsApi: config.VONAGE_SMS_API,
    senders: config.SWITCHBOARD_CONFIG.senders,
    ...(config.VONAGE_API_KEY ? { apiKey: config.VONAGE_API_KEY } : {}),
    ...(config.VONAGE_API_SECRET ? { apiSecret: config.VONAGE_API_SECRET } : {}),
  }
}
