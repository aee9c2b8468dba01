import { createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { listenOn } from '../../src/adapters/sockets/listen.js'

test.each([
  [
    'EACCES',
    ': the system does not allow it; on Linux a port below 1024 wants the capability CAP_NET_BIND_SERVICE',
  ],
  ['EADDRNOTAVAIL', ': this machine does not have that address'],
  ['ENOTFOUND', ': that host name has no address'],
  ['EIO', ''],
])('a server that cannot listen for %s says so in words', async (code, reason) => {
  const server = createServer()
  const cause = Object.assign(new Error(`listen ${code}`), { code })
  vi.spyOn(server, 'listen').mockImplementation(() => {
    process.nextTick(() => server.emit('error', cause))
    return server
  })
  await expect(listenOn(server, '192.0.2.1', 443)).rejects.toMatchObject({
    code: 'listen-failed',
    message: `cannot listen on 192.0.2.1:443${reason}`,
    cause,
  })
})
