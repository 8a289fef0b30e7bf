import { randomUUID } from 'node:crypto'

import { signAsVonage } from '@switchboard/vonage'
import { z } from 'zod'

import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import { reasonOf } from './vonage.ts'

const TIMEOUT_MS = 8_000

export interface WebhookSettings {
  PUBLIC_URL: string
  VONAGE_SIGNATURE_SECRET: string[]
  VONAGE_APPLICATION_ID: string[]
}

/** Sends ourselves a webhook as Vonage would sign it, to the address that Vonage is given. The route has no effect. */
export async function examineWebhooks(settings: WebhookSettings, isRealAccount: boolean): Promise<Finding[]> {
  const [secret] = settings.VONAGE_SIGNATURE_SECRET
  const [applicationId] = settings.VONAGE_APPLICATION_ID
  const address = isRealAccount ? judgeAddress(settings.PUBLIC_URL) : []
  if (secret === undefined || applicationId === undefined) {
    const todo = 'Set VONAGE_SIGNATURE_SECRET (dashboard → API settings) and VONAGE_APPLICATION_ID.'
    return [...address, failure('Signature secret', 'there is none: every webhook is refused', todo)]
  }
  const nonce = randomUUID()
  const body = JSON.stringify({ nonce })
  const token = await signAsVonage(Buffer.from(body), { secret, apiKey: 'doctor', applicationId, now: Date.now })
  const url = new URL('webhooks/test', `${settings.PUBLIC_URL.replace(/\/$/, '')}/`)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const came = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' }).then(
    async (answer) => ({ status: answer.status, text: await answer.text() }),
    (error: unknown) => ({ reason: reasonOf(error) }),
  )
  return [...address, 'reason' in came ? unreachable(settings.PUBLIC_URL, came.reason) : judgeAnswer(url, nonce, came)]
}

const ABOUT = 'Webhooks'

function unreachable(publicUrl: string, reason: string): Finding {
  const todo = 'Start ingress; have the proxy, tunnel or DNS of PUBLIC_URL lead to it.'
  return failure(ABOUT, `nobody answers at PUBLIC_URL ${publicUrl} (${reason})`, todo)
}

/** What came back of a signed test. */
export function judgeAnswer(url: URL, nonce: string, { status, text }: { status: number; text: string }): Finding {
  const said = readJson(text)
  if (status === 200 && said?.nonce === nonce) return ok(ABOUT, `a signed one gets through ${url.origin} to ingress`)
  if (status === 401 && said?.detail !== undefined) {
    const todo = 'Restart ingress if VONAGE_SIGNATURE_SECRET or VONAGE_APPLICATION_ID has changed since it started.'
    return failure(ABOUT, `ingress refuses one that is signed as configured: ${said.detail}`, todo)
  }
  if (status >= 300 && status < 400) {
    const todo = 'Vonage does not follow: make PUBLIC_URL the address it leads to.'
    return failure(ABOUT, `${url.origin} redirects`, todo)
  }
  if (status === 429 || status >= 500) {
    const todo = 'Look at the log of ingress and of the proxy in front of it.'
    return failure(ABOUT, `${url.origin} answers ${status}${said?.detail ? `: ${said.detail}` : ''}`, todo)
  }
  const todo = 'PUBLIC_URL must lead to the ingress of this Switchboard, /webhooks/ included.'
  return failure(ABOUT, `something else answers at ${url.href} (${status})`, todo)
}

function judgeAddress(publicUrl: string): Finding[] {
  const { protocol, hostname } = new URL(publicUrl)
  const isLocal = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|.*\.(local|internal)$)/.test(hostname)
  if (isLocal) {
    const todo = 'Set PUBLIC_URL to an address on the internet, such as that of a tunnel (ngrok http 9000).'
    return [failure('PUBLIC_URL', `Vonage cannot reach ${hostname}`, todo)]
  }
  return protocol === 'https:'
    ? [ok('PUBLIC_URL', publicUrl)]
    : [warning('PUBLIC_URL', 'http: everybody on the way can read the messages', 'Use https.')]
}

const answer = z.object({ nonce: z.string().optional(), detail: z.string().optional() })

function readJson(text: string): z.infer<typeof answer> | undefined {
  try {
    return answer.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
