import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

import { serviceSchemas } from '../scripts/service-schemas.ts'

const root = resolve(import.meta.dirname, '..')
const file = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string().optional(),
      environment: z.record(z.string(), z.unknown()).default({}),
      volumes: z.array(z.string()).default([]),
      networks: z.array(z.string()).default([]),
    }),
  ),
})
const read = (name: string) => file.parse(parse(readFileSync(join(root, name), 'utf8'), { merge: true })).services
const base = read('docker-compose.yml')
const override = read('docker-compose.override.yml')

/** Given by the compose file itself: Redis is its own, and neither a cluster nor watched by Sentinels. */
const settled = /^REDIS_/
/** Read by a library, not by a service. */
const ofLibraries = /^OTEL_/

test.each(Object.entries(serviceSchemas))(
  '%s is given the variables that it reads, and no others',
  (service, schema) => {
    const given = { ...base[service]?.environment, ...override[service]?.environment }
    const names = new Set(Object.keys(given).map((name) => name.replace(/_FILE$/, '')))
    const isRead = (name: string) => name in schema.shape || ofLibraries.test(name)
    expect([...names].filter((name) => !isRead(name))).toEqual([])
    // What stands for another one, or is the simulator's.
    const elsewhere: Record<string, string[]> = {
      ingress: ['VONAGE_PRIVATE_KEY'],
      echo: ['SESSION_SECRET'],
    }
    const missing = Object.keys(schema.shape).filter((name) => !names.has(name) && !settled.test(name))
    expect(missing).toEqual(elsewhere[service] ?? [])
  },
)

test('the volume with all secrets is mounted by nobody but who hands them out', () => {
  for (const [name, { volumes }] of [...Object.entries(base), ...Object.entries(override)]) {
    if (name === 'secrets') continue
    const sources = volumes.map((volume) => volume.split(':')[0] ?? '')
    expect(sources).not.toContain('secrets')
    expect(sources.filter((source) => source.startsWith('secrets-') && source !== `secrets-${name}`)).toEqual([])
  }
})

test('every service is in a network of its choice, and every image has a version', () => {
  for (const [name, { networks, image }] of Object.entries(base)) {
    if (name !== 'secrets') expect(networks.length, name).toBeGreaterThan(0)
    if (image !== 'switchboard') expect(image, name).toMatch(/:v?\d/)
  }
})
