import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const [LIMIT_MS, BETWEEN_MS] = [10_000, 20]
/** Systems give none of these to programs that name no port. */
const [FIRST_PORT, END_PORT] = [20_000, 32_000]

/** A port of loopback that nobody listens on. The package’s own such function is not public, and only the built package is here. */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST_PORT, END_PORT)
  const server = createServer()
  const isFree = await once(server.listen(port, '127.0.0.1'), 'listening').then(
    () => true,
    () => false,
  )
  if (!isFree) return freePort()
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
