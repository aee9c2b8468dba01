import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { listenOn } from '../../adapters/sockets/listen.js'

/** Below the ports that systems give to programs that name none: those of Linux begin at 32,768, of others at 49,152. */
const [FIRST, END] = [20_000, 32_000]
const TRIES = 20

/** A port of loopback that nobody listens on just now, and that no program is given by chance. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const server = createServer()
    try {
      const port = await listenOn(server, '127.0.0.1', randomInt(FIRST, END))
      server.close()
      await once(server, 'close')
      return port
    } catch (error) {
      if (tries === TRIES) throw error
    }
  }
}
