import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { listRoutes } from './needed-role.ts'

async function nothing() {
  return ''
}

it('lists each route with the role that it needs', () => {
  const app = fastify({ exposeHeadRoutes: false })
  const routes = listRoutes(app)
  app.get('/pages', nothing)
  app.get('/accounts', { config: { needs: 'admin' } }, nothing)
  app.post('/login', { config: { needs: 'stranger' } }, nothing)
  app.route({ method: ['POST', 'DELETE'], url: '/jobs', config: { needs: 'operator' }, handler: nothing })
  expect(routes()).toEqual([
    'GET /pages viewer',
    'GET /accounts admin',
    'POST /login stranger',
    'POST /jobs operator',
    'DELETE /jobs operator',
  ])
})

it('an app with a route that changes something for nobody knows whom does not start', async () => {
  const app = fastify()
  const routes = listRoutes(app)
  app.addHook('onReady', async () => void routes())
  app.post('/forgotten', nothing)
  await expect(app.ready()).rejects.toThrow('POST /forgotten changes something')
})
