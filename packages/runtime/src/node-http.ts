/** What `import … from 'node:http'` would give, without what that loads for all of its names: Node's own fetch. */
export const { createServer, get, STATUS_CODES } = process.getBuiltinModule('node:http')
