import { expect, it } from 'vitest'

import { isLoopbackHost } from './loopback-host.ts'

it.each([
  ['localhost', true],
  ['localhost:9200', true],
  ['LOCALHOST:1', true],
  ['127.0.0.1:9200', true],
  ['[::1]:9200', true],
  [undefined, false],
  ['', false],
  ['evil.test:9200', false],
  ['localhost.evil.test', false],
  ['localhost@evil.test', false],
  ['localhost#.evil.test', false],
  ['127.0.0.1.evil.test', false],
  ['127.0.0.2', false],
  ['192.168.1.4:9200', false],
  ['0.0.0.0:9200', false],
  ['simulator:9200', false],
])('the host %j is this machine: %s', (host, expected) => expect(isLoopbackHost(host)).toBe(expected))
