import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const [LIMIT_MS, BETWEEN_MS] = [10_000, 20]

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
