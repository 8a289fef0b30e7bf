import { expect, test } from 'vitest'

import { judgeAudit } from './judge-audit.ts'

test.each([
  [0, 'No known vulnerabilities found\n', 'sound'],
  [1, '│ high │ … │\n3 vulnerabilities found\nSeverity: 1 moderate | 2 high', 'problems'],
  [1, '1 vulnerability found', 'problems'],
  [1, 'Error: ERR_PNPM_AUDIT_BAD_RESPONSE\n  × The audit endpoint responded with 405', 'unknown'],
  [1, 'request failed, reason: getaddrinfo ENOTFOUND', 'unknown'],
  [null, '', 'unknown'],
])('status %s and %j: %s', (status, output, kind) => {
  expect(judgeAudit(status, output).kind).toBe(kind)
})

test('what could not be asked is said, with the reason', () => {
  const { text } = judgeAudit(1, 'Error: ERR_PNPM_AUDIT_BAD_RESPONSE')
  expect(text).toBe('could not ask the registry (ERR_PNPM_AUDIT_BAD_RESPONSE): known problems were not looked for')
})
