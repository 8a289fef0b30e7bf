import { text } from 'node:stream/consumers'

import { get } from '@switchboard/runtime'

import { isListening } from './ports.ts'

/**
 * What keeps the service with this health port from being ready; undefined: nothing. A port that is closed is asked for
 * no more: while ten services start, a request to each of them every few milliseconds would take what they need.
 */
export async function findUnready(healthPort: number, host = '127.0.0.1'): Promise<string | undefined> {
  if (!(await isListening(healthPort, host))) return 'nobody listens on its health port'
  return new Promise((resolve) => {
    const request = get({ host, port: healthPort, path: '/readyz' }, (response) => {
      text(response).then(
        (said) => resolve(response.statusCode === 200 ? undefined : said),
        () => resolve('its health port does not answer whole'),
      )
    })
    request.once('error', () => resolve('no answer on its health port'))
  })
}
