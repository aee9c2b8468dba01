import { once } from 'node:events'
import { createServer } from 'node:net'
import { listenOn } from '../../adapters/sockets/listen.js'

/** A port of loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listenOn(server, '127.0.0.1', 0)
  server.close()
  await once(server, 'close')
  return port
}
