// For test runners of any kind (Vitest, Jest, node:test), under Node 20 or newer: no dependency, no build, no TypeScript.
const { spawn } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { createInterface } = require('node:readline')

const root = join(__dirname, '../../../..')
const LOOK_EVERY_MS = 25

/** Starts a simulator of its own, on a free port, whose webhooks go below `callbackUrl`. */
exports.startSimulator = async function startSimulator({ callbackUrl, flags = {}, speed = 10 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-simulator-'))
  const given = {
    port: 0,
    'health-port': 0,
    data: folder,
    speed,
    ...(callbackUrl && { 'callback-url': callbackUrl }),
    ...flags,
  }
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)])
  const main = join(root, 'services/simulator/src/main.ts')
  const child = spawn(process.execPath, [join(root, 'scripts/bootstrap.mjs'), 'node', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const url = await listening(child)
    return { url, credentials: credentialsIn(folder), ...controlOf(url), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Resolves to where it listens, which is in its log. */
function listening(child) {
  const output = []
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line)
      const entry = parse(line)
      if (entry?.msg === 'simulator.listening') resolve(entry.url)
    })
    child.stderr.on('data', (text) => output.push(String(text)))
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`The simulator did not start:\n${output.join('\n')}`)))
  })
}

function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function credentialsIn(folder) {
  const read = (name) => readFileSync(join(folder, name), 'utf8').trim()
  return {
    applicationId: read('application-id'),
    privateKey: read('private.key'),
    apiKey: read('api-key'),
    apiSecret: read('api-secret'),
    signatureSecret: read('signature-secret'),
  }
}

function controlOf(url) {
  const control = async (method, path, body) => {
    const payload =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(`${url}/control${path}`, { method, ...payload })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    control,
    reset: () => control('POST', '/reset'),
    fault: (fault) => control('POST', '/faults', fault),
    phone: (channel, address) => phoneOf(control, channel, address),
  }
}

const hasArrived = ({ direction, status }) => direction === 'in' && (status === 'delivered' || status === 'read')
const says = (message, text) => (typeof text === 'string' ? message.text === text : text.test(message.text))

/** Somebody's app; each message that has arrived there is expected once. */
function phoneOf(control, channel, address) {
  const path = `/phones/${channel}/${address}`
  const seen = new Set()
  const messages = async () => (await control('GET', `${path}/messages`)).messages
  return {
    address,
    messages,
    sends: (message) => control('POST', `${path}/messages`, typeof message === 'string' ? { text: message } : message),
    reads: () => control('POST', `${path}/read`, {}),
    switches: (switches) => control('PUT', `/phones/${address}/switches`, switches),
    async expects(text, { withinMs = 10_000 } = {}) {
      const until = Date.now() + withinMs
      for (;;) {
        const thread = await messages()
        const message = thread.find((one) => hasArrived(one) && !seen.has(one.id) && says(one, text))
        if (message) {
          seen.add(message.id)
          return message
        }
        if (Date.now() > until)
          throw new Error(`No ${text} on ${channel} of ${address} among ${JSON.stringify(thread, null, 1)}`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      }
    },
  }
}
