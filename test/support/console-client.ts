/** The console as a program sees it that keeps one cookie and follows nothing. */
export interface ConsoleClient {
  /** Of its session. */
  readonly headers: Record<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Sends a form with the token of its session. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  send(method: string, path: string, headers?: Record<string, string>): Promise<Response>
  /** Of the forms of this session. */
  formToken(): Promise<string>
}

/** `password` undefined: nobody is logged in. */
export async function connectConsole(url: string, password?: string, name = 'Ada'): Promise<ConsoleClient> {
  const cookie = password === undefined ? '' : await logIn(url, password, name)
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: URLSearchParams) =>
    fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
      headers: { accept: 'text/html', cookie, ...headers },
      ...(body ? { body } : {}),
    })
  const formToken = async () => {
    const page = await (await ask('GET', '/account')).text()
    return /name="_form" value="([^"]+)"/.exec(page)?.[1] ?? ''
  }
  return {
    headers: { cookie },
    get: (path, headers) => ask('GET', path, headers),
    send: (method, path, headers) => ask(method, path, headers),
    post: async (path, fields, headers) =>
      ask('POST', path, headers, new URLSearchParams({ _form: await formToken(), ...fields })),
    formToken,
  }
}

async function logIn(url: string, password: string, name: string): Promise<string> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ password, name }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (!cookie) throw new Error(`The console answered ${response.status} to the login`)
  return cookie
}

const OWN_PASSWORD = 'a password of my own'

/** Logs in with the first password of an account, and resolves to the own one that it has then. */
export async function chooseOwnPassword(url: string, { name, password }: Login): Promise<string> {
  const client = await connectConsole(url, password, name)
  const fields = { current: password, next: OWN_PASSWORD, again: OWN_PASSWORD }
  const { status } = await client.post('/account/password', fields)
  if (status !== 303) throw new Error(`The console answered ${status} to a new password`)
  return OWN_PASSWORD
}

/** An account that an admin makes, with a password of its own by now. */
export async function createAccount(
  url: string,
  admin: ConsoleClient,
  { name, role }: { name: string; role: string },
): Promise<Login> {
  const page = await (await admin.post('/accounts', { name, role })).text()
  const password = /data-password>([^<]+)</.exec(page)?.[1]
  if (password === undefined) throw new Error(`The console made no account ${name}`)
  return { name, password: await chooseOwnPassword(url, { name, password }) }
}

export interface Login {
  name: string
  password: string
}
