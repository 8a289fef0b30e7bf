// Runs inside of a container, with what is there. Prints what somebody finds who has got in: files, names of variables, who
// can be connected to, what Redis answers to them and to a stranger.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'

const { Redis } = await import('/app/packages/runtime/node_modules/ioredis/built/index.js')
const { targets, commands } = JSON.parse(process.argv[1])

const url = existsSync('/secrets/redis-url') ? readFileSync('/secrets/redis-url', 'utf8').trim() : undefined
const reached = await Promise.all(targets.map(async (target) => ((await answers(target)) ? [target] : [])))
console.log(
  JSON.stringify({
    secrets: readdirSync('/secrets').toSorted(),
    ofOthers: readdirSync('/handed-out').flatMap((service) => readdirSync(`/handed-out/${service}`)),
    variables: Object.keys(process.env),
    reached: reached.flat(),
    answers: url ? await askRedis(url, commands) : [],
    stranger: url ? (await askRedis(url.replace(/\/\/.*@/, '//'), [['PING']]))[0] : '',
  }),
)
process.exit(0)

function answers(target) {
  const [host, port] = target.split(':')
  return new Promise((resolve) => {
    const socket = createConnection({ host, port }).setTimeout(5_000)
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('timeout', () => resolve(false))
  })
}

async function askRedis(address, list) {
  const client = new Redis(address, { enableReadyCheck: false })
  client.on('error', () => undefined)
  const said = new Array()
  for (const [name, ...args] of list) {
    said.push(await client.call(name, ...args).then(String, ({ message }) => message))
  }
  return said
}
