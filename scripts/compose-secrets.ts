// Run once by docker compose, before everything else: what it writes stays in a volume.
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ensureSecrets } from './secrets.ts'

const [folder = '/secrets'] = process.argv.slice(2)
const isFirst = !existsSync(join(folder, 'redis.conf'))

ensureSecrets(folder)
if (isFirst) {
  const password = randomBytes(24).toString('base64url')
  writeFileSync(join(folder, 'redis-url'), `redis://:${password}@redis:6379\n`, { mode: 0o600 })
  // Redis runs as another user than we do. It comes last: whoever finds it finds the others complete.
  writeFileSync(join(folder, 'redis.conf'), `requirepass ${password}\n`, { mode: 0o444 })
}
console.log(`Secrets are ${isFirst ? 'made' : 'kept'}. To see one:`)
console.log('  docker compose exec ingress cat /secrets/api-tokens')
console.log('  docker compose exec ingress cat /secrets/console-password')
