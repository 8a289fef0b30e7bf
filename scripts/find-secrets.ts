import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'

const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }]

/** Where a text holds what looks like a key or token of some provider, or a private key: by which rule, in which line. */
export async function findSecrets(path: string, content: string): Promise<{ rule: string; line: number }[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content, contentType: 'text' },
    options: { config: { rules }, maskSecrets: true },
  })
  return messages.map(({ ruleId, loc }) => ({ rule: ruleId, line: loc.start.line }))
}
