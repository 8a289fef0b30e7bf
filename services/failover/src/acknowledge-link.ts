import { issueLinkToken } from '@switchboard/tokens'

const LINK_TTL_SECONDS = 7 * 86_400

interface LinkConfig {
  SESSION_SECRET: string
  PUBLIC_URL: string
}

/** Makes the links to the page on which a user acknowledges an alert. */
export function createAcknowledgeLink({ SESSION_SECRET: secret, PUBLIC_URL: publicUrl }: LinkConfig) {
  const { href: pages } = new URL('/a/', publicUrl)
  return (alertId: string, user: number): string => {
    const subject = `${user}-${alertId}`
    const token = issueLinkToken(secret, {
      purpose: 'acknowledge',
      subject,
      ttlSeconds: LINK_TTL_SECONDS,
      now: Date.now(),
    })
    return `${pages}${token}`
  }
}
