import { WebSocketServer } from 'ws'

/** The barest echo there is: what the echo service is measured against. */
const server = new WebSocketServer({ port: 0, perMessageDeflate: false })
server.on('connection', (webSocket) => {
  webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }))
})
server.on('listening', () => {
  const address = server.address()
  console.log(JSON.stringify({ port: typeof address === 'object' ? address?.port : 0 }))
})
