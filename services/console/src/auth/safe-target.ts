/** Only to pages of ours: `//elsewhere` is another site, and of a query that says it twice nobody knows which counts. */
export function safeTarget(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(to) && !/^\/log(in|out)\b/.test(to) ? to : '/'
}
