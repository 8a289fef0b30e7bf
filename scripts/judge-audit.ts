export interface AuditVerdict {
  /** `unknown`: nobody said. */
  kind: 'sound' | 'problems' | 'unknown'
  text: string
}

/** What came of `pnpm audit`: whether it found problems, or could not ask the registry. */
export function judgeAudit(status: number | null, output: string): AuditVerdict {
  if (status === 0) return { kind: 'sound', text: 'no known problem in what is shipped' }
  if (/\bvulnerabilit(?:y|ies) found/i.test(output)) return { kind: 'problems', text: `\n${output}` }
  const reason = /ERR_PNPM_\w+|E[A-Z]{5,}/.exec(output)?.[0] ?? 'no answer'
  return { kind: 'unknown', text: `could not ask the registry (${reason}): known problems were not looked for` }
}
