import { PermanentError } from '@switchboard/contracts'

import { createHttp } from './http.ts'

export interface WebhookPoster extends AsyncDisposable {
  /**
   * Posts one webhook. Throws PermanentError when the receiver answers a 4xx other than 429, and an error that may
   * be tried again otherwise: webhooks are delivered at least once.
   */
  post(url: string, body: object): Promise<void>
}

export interface WebhookPosterOptions {
  /** Of createWebhookSigner. */
  sign: (rawBody: Uint8Array) => Promise<string>
  timeoutMs: number
}

/** Posts the webhooks of our Dispatch-compatible endpoint, signed as Vonage signs. */
export function createWebhookPoster({ sign, timeoutMs }: WebhookPosterOptions): WebhookPoster {
  const http = createHttp({ timeoutMs })
  return {
    async post(url, body) {
      const text = JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${await sign(Buffer.from(text))}`,
        'content-type': 'application/json',
      }
      const { status } = await http.request({ method: 'POST', url: new URL(url), headers, body: text })
      if (status >= 200 && status <= 299) return
      const { origin } = new URL(url)
      if (status >= 400 && status < 500 && status !== 429) throw new PermanentError(`${origin} answered ${status}`)
      throw new Error(`${origin} answered ${status}`)
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
}
