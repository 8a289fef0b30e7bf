/** Only to pages of ours: `//elsewhere` is another site. */
export function safeTarget(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(to) && !/^\/log(in|out)\b/.test(to) ? to : '/'
}
