import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const [LIMIT_MS, BETWEEN_MS] = [10_000, 20]

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until a program listens. @throws Error after 10 s. */
export async function untilListening(port: number): Promise<void> {
  const end = performance.now() + LIMIT_MS
  while (performance.now() < end) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    await pause(BETWEEN_MS)
  }
  throw new Error(`nobody listens on port ${port}`)
}
