/**
 * The token of a link that acts: acknowledge, confirm, decline, the keys of a call. Whoever sees it can act as its recipient, of
 * a call where Vonage does not sign.
 */
const ACTING_LINK =
  /(\/(?:[ab]|signup\/(?:confirm|decline)|webhooks\/call-(?:key|events))\/)[\w-]{1,100}\.[0-9a-z]{1,9}\.[\w-]{22}(?![\w-])/g

/** A text, or JSON or HTML with texts in it, for everybody but the recipient of its links. */
export function redactLinks(text: string): string {
  return text.includes('/') ? text.replaceAll(ACTING_LINK, '$1••••••') : text
}
