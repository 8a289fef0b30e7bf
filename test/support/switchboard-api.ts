import { setTimeout as wait } from 'node:timers/promises'

import { PATIENCE_MS } from './eventually.ts'
import type { StackAddresses } from './test-stack.ts'

/** Switchboard's own API, as a program with a token uses it. */
export interface SwitchboardApi {
  /** The JSON of an answer; throws unless it is a success. */
  get(path: string): Promise<unknown>
  post(path: string, body: object, headers?: Record<string, string>): Promise<unknown>
  delete(path: string): Promise<unknown>
  /** The answer whatever it is. */
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Response>
}

export function createSwitchboardApi({
  ingress,
  apiToken,
}: Pick<StackAddresses, 'ingress' | 'apiToken'>): SwitchboardApi {
  const ask: SwitchboardApi['ask'] = (method, path, body, headers = {}) =>
    fetch(`${ingress}${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        authorization: `Bearer ${apiToken}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  const read = async (
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
    triesLeft = 3,
  ): Promise<unknown> => {
    const response = await ask(method, path, body, headers)
    const text = await response.text()
    // A busy machine sheds load: a caller does then what the answer says.
    if (response.status === 503 && text.includes('"repeatable":true') && triesLeft > 0) {
      await wait(Number(response.headers.get('retry-after') ?? 1) * 1_000)
      return read(method, path, body, headers, triesLeft - 1)
    }
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
  }
  return {
    ask,
    get: (path) => read('GET', path),
    post: (path, body, headers) => read('POST', path, body, headers),
    delete: (path) => read('DELETE', path),
  }
}
