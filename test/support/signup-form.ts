/** Fills in the sign-up page as a browser does: with its cookie and its token. */
export async function sendSignup(
  ingress: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const page = await fetch(`${ingress}/signup`, { headers })
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
  const token = /name="token" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  return fetch(`${ingress}/signup`, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...headers, cookie },
    body: new URLSearchParams({ channel: 'sms', topic: 'MSFT', token, ...fields }),
  })
}
