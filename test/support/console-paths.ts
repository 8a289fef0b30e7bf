/** Every page of the console, as its routes name them; `test/pages/console-empty.test.ts` compares them with the routes. */
const consolePages = [
  '/',
  '/account',
  '/account/second-factor',
  '/accounts',
  '/alerts',
  '/alerts/:id',
  '/alerts/new',
  '/audit',
  '/calls',
  '/calls/:uuid',
  '/configuration',
  '/failed',
  '/failed/:queue/:id',
  '/mailings',
  '/mailings/:id',
  '/mailings/:id/preview',
  '/messages',
  '/messages/:id',
  '/notifications',
  '/notifications/:id',
  '/people',
  '/people/:id',
  '/queue/:name',
  '/search',
  '/tokens',
]

/** What a browser opens that is no page of ours: streams, files, parts of pages, what is open to strangers, Bull Board. */
const NO_PAGE = /\/live$|\.csv$|export|\*|^\/(held|login|ticket|queues|assets)/

/** The routes that are in one list and not in the other. */
export function missingPages(routes: { method: string; url: string }[]): string[] {
  const known = new Set(consolePages)
  const found = new Set(routes.flatMap(({ method, url }) => (method === 'GET' && !NO_PAGE.test(url) ? [url] : [])))
  return [...known, ...found].filter((page) => known.has(page) !== found.has(page))
}

/** Pages that need nothing to be on record. */
export const plainPaths = consolePages.filter((page) => !page.includes(':'))

/** The pages that none of these paths leads to. */
export function pagesWithout(paths: readonly string[]): string[] {
  return consolePages.filter((page) => {
    const pattern = new RegExp(`^${page.replaceAll(/:\w+/g, '[^/]+')}$`)
    return !paths.some((path) => pattern.test(path.split('?')[0] ?? ''))
  })
}
