import { createHash, createHmac, randomUUID } from 'node:crypto'

export interface TokenClaims {
  apiKey: string
  /** Only when an application was involved. */
  applicationId?: string | undefined
  issuedAtSeconds: number
  jti?: string
}

export type SmsSignatureMethod = 'md5hash' | 'md5' | 'sha1' | 'sha256' | 'sha512'

/** The JWT of a signed webhook: HS256 over the signature secret, with the hash of the body, without `exp`. */
export function signWebhook(body: string, secret: string, claims: TokenClaims): string {
  const payload = {
    iat: claims.issuedAtSeconds,
    jti: claims.jti ?? randomUUID(),
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(body).digest('hex'),
    api_key: claims.apiKey,
    ...(claims.applicationId === undefined ? {} : { application_id: claims.applicationId }),
  }
  const unsigned = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(payload)}`
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`
}

/** The legacy `sig` of the SMS API, over everything but `sig` itself. */
export function signParameters(
  parameters: Readonly<Record<string, string>>,
  secret: string,
  method: SmsSignatureMethod,
): string {
  const canonical = Object.keys(parameters)
    .filter((key) => key !== 'sig')
    .sort()
    .map((key) => `&${key}=${(parameters[key] ?? '').replaceAll(/[&=]/g, '_')}`)
    .join('')
  if (method === 'md5hash')
    return createHash('md5')
      .update(canonical + secret)
      .digest('hex')
  // The carrier's own fixtures show HMACs in capitals.
  return createHmac(method, secret).update(canonical).digest('hex').toUpperCase()
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
