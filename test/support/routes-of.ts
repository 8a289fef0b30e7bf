import { readFileSync } from 'node:fs'

import { expect } from 'vitest'
import { z } from 'zod'

import { eventually } from './eventually.ts'

export interface Route {
  method: string
  url: string
  /** Of the console: the role it needs. Of ingress: the scope, where it needs one. */
  needed: string
}
const line = z.object({ routes: z.array(z.string()) })

/** Every door of a service, as its process lists them in a log of level debug. */
export async function routesOf(service: string, logFile: string): Promise<Route[]> {
  return eventually(async () => {
    const routes = routesIn(service, readFileSync(logFile, 'utf8').split('\n'))
    expect(routes).not.toEqual([])
    return routes
  })
}

/** As `routesOf`, of the lines of the log; empty while they do not have it. */
export function routesIn(service: string, lines: readonly string[]): Route[] {
  const found = lines.find((each) => each.includes(`"${service}.routes"`))
  const { routes } = found === undefined ? { routes: [] } : line.parse(JSON.parse(found))
  return routes.map((route) => {
    const [method = '', url = '', needed = ''] = route.split(' ')
    return { method, url, needed }
  })
}

/** A path that fits it. */
export function fill(url: string): string {
  return url.replaceAll(/:\w+(\([^)]*\))?/g, 'x').replaceAll('*', 'x')
}
