import { createHash, createHmac, randomUUID } from 'node:crypto'

import { signing } from './service.ts'

/** The value of the `authorization` header with which Vonage would post this body to a service under test. */
export function signAsVonage(body: string): string {
  const claims = {
    iat: Math.floor(Date.now() / 1_000),
    jti: randomUUID(),
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(body).digest('hex'),
    api_key: 'abcd1234',
    application_id: signing.applicationId,
  }
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `Bearer ${signed}.${createHmac('sha256', signing.secret).update(signed).digest('base64url')}`
}
