import { issueLinkToken } from '@switchboard/tokens'

const LINK_TTL_SECONDS = 7 * 86_400
/** A call may wait for its turn, and is over soon. */
const CALL_TTL_SECONDS = 86_400

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

/** Makes the links to the page on which somebody acknowledges what is in a bundle. */
export function createBundleLink({ SESSION_SECRET: secret, PUBLIC_URL: publicUrl }: LinkConfig) {
  const { href: pages } = new URL('/b/', publicUrl)
  return (bundleId: string): string => {
    const now = Date.now()
    return `${pages}${issueLinkToken(secret, { purpose: 'bundle', subject: bundleId, ttlSeconds: LINK_TTL_SECONDS, now })}`
  }
}

/** Makes the addresses to which Vonage posts the keys and the events of the call in which a message is spoken. */
export function createCallUrls({ SESSION_SECRET: secret, PUBLIC_URL: publicUrl }: LinkConfig) {
  return (messageId: string, { leavesText }: { leavesText: boolean }) => {
    const claim = { purpose: 'call', subject: messageId, ttlSeconds: CALL_TTL_SECONDS, now: Date.now() } as const
    const token = issueLinkToken(secret, claim)
    const { href: keysUrl } = new URL(`/webhooks/call-key/${token}`, publicUrl)
    const { href: eventsUrl } = new URL(
      `/webhooks/call-events/${token}${leavesText ? '?leavesText=true' : ''}`,
      publicUrl,
    )
    return { keysUrl, eventsUrl }
  }
}
