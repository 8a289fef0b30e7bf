// The whole stack, as `npm start` runs it; says which processes it is made of once all of them are ready.
import { startStack } from '../../../scripts/stack.ts'

const [redisUrl = '', dataFolder = ''] = process.argv.slice(2)
const anyPort = { INGRESS_PORT: '0', ECHO_PORT: '0', CONSOLE_PORT: '0', SIMULATOR_PORT: '0' }
const { PATH, NODE_COMPILE_CACHE } = process.env
const stack = await startStack({ env: { PATH, NODE_COMPILE_CACHE, ...anyPort }, dataFolder, redisUrl })
process.on('message', async () => {
  await stack[Symbol.asyncDispose]()
  process.send?.({})
  process.disconnect()
})
process.send?.(Object.fromEntries([...stack.processes].map(([name, { pid }]) => [name, pid])))
