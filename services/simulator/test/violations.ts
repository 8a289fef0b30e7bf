/** Names each rule that is broken and the first place where it is. */
export const findViolations = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + (nodes[0].any[0]?.message ?? '')))`
