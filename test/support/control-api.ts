import { PATIENCE_MS } from './eventually.ts'

/** Requests to the simulator's `/control`; each throws unless answered with success. */
export interface ControlApi {
  get(path: string): Promise<unknown>
  post(path: string, body: object): Promise<unknown>
  put(path: string, body: object): Promise<unknown>
  delete(path: string): Promise<unknown>
}

export function createControlApi(simulatorUrl: string): ControlApi {
  const request = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${simulatorUrl}/control/${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} /control/${path} was answered ${response.status}: ${text}`)
    const answer: unknown = text ? JSON.parse(text) : undefined
    return answer
  }
  return {
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    put: (path, body) => request('PUT', path, body),
    delete: (path) => request('DELETE', path),
  }
}
