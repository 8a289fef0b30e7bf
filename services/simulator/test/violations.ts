/** Names each rule that is broken and the first place where it is. */
export const findViolations = findBroken(['wcag2a', 'wcag2aa'])

/** What is wrong with another shade of a page that `findViolations` has found nothing on: colours are all that differs. */
export const findFaintText = findBroken(['color-contrast'])

function findBroken(rules: readonly string[]): string {
  return `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + (nodes[0].any[0]?.message ?? '')))`
}
