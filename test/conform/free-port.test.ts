import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { listenOn } from '../../src/adapters/sockets/listen.js'
import { freePort } from '../../src/conform/service/free-port.js'

test('ports for services lie below those that systems give to programs that name none, and can be listened on', async () => {
  for (let taken = 0; taken < 50; taken++) {
    const port = await freePort()
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(32_768)
    const server = createServer()
    expect(await listenOn(server, '127.0.0.1', port)).toBe(port)
    server.close()
  }
})
