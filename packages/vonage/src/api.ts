import { createApplicationToken, splitKeys } from './application-token.ts'
import type { Http, HttpAnswer } from './http.ts'

type CallApi = (method: 'POST' | 'PUT', url: URL, body: object) => Promise<HttpAnswer>

/** Asks Vonage in the name of the application. Throws when one of its private keys is none. */
export async function createApi(
  config: { applicationId: string; privateKey: string },
  http: Pick<Http, 'request'>,
  now: () => number,
): Promise<CallApi> {
  const tokens = splitKeys(config.privateKey).map((privateKey) =>
    createApplicationToken({ ...config, privateKey, now }),
  )
  await Promise.all(tokens.map((token) => token()))
  return async (method, url, body) => {
    let answer: HttpAnswer | undefined
    for (const token of tokens) {
      const headers = {
        authorization: `Bearer ${await token()}`,
        'content-type': 'application/json',
        accept: 'application/json',
      }
      answer = await http.request({ method, url, headers, body: JSON.stringify(body) })
      // Vonage knows one key at a time, and nothing was done with what is not signed by it.
      if (answer.status !== 401) return answer
    }
    if (answer === undefined) throw new Error('there is no private key to sign with')
    return answer
  }
}
