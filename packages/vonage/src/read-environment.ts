import type { VonageConfig } from './client.ts'

/** The variables that say how to reach Vonage, as the services parse them. */
export interface VonageEnvironment {
  VONAGE_API_URL: string
  VONAGE_REST_URL: string
  VONAGE_APPLICATION_ID: string
  VONAGE_PRIVATE_KEY: string
  VONAGE_API_KEY?: string | undefined
  VONAGE_API_SECRET?: string | undefined
  VONAGE_MESSAGES_VERSION: VonageConfig['messagesVersion']
  VONAGE_SMS_API: VonageConfig['smsApi']
  VONAGE_TEMPLATE_PARAMETERS: NonNullable<VonageConfig['templateParameters']>
  SWITCHBOARD_CONFIG: Pick<VonageConfig, 'senders'>
}

/** The environment in the client's words. */
export function vonageConfig(environment: VonageEnvironment): VonageConfig {
  const { VONAGE_API_KEY: apiKey, VONAGE_API_SECRET: apiSecret } = environment
  return {
    apiUrl: environment.VONAGE_API_URL,
    restUrl: environment.VONAGE_REST_URL,
    applicationId: environment.VONAGE_APPLICATION_ID,
    privateKey: environment.VONAGE_PRIVATE_KEY,
    messagesVersion: environment.VONAGE_MESSAGES_VERSION,
    smsApi: environment.VONAGE_SMS_API,
    templateParameters: environment.VONAGE_TEMPLATE_PARAMETERS,
    senders: environment.SWITCHBOARD_CONFIG.senders,
    ...(apiKey ? { apiKey } : {}),
    ...(apiSecret ? { apiSecret } : {}),
  }
}
