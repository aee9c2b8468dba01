import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A port on loopback whose connections lead to another, far away. */
export interface SlowWire {
  readonly port: number
  close(): Promise<void>
}

/**
 * Carries what comes to the other port and back, each way in some milliseconds. The system accepts a connection on loopback at once:
 * so its first bytes wait for the round trip in which TCP would have set it up.
 */
export async function slowWire(to: number, oneWayMs: number): Promise<SlowWire> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, near => {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
    }
    carry(near, far, oneWayMs, performance.now() + 2 * oneWayMs)
    carry(far, near, oneWayMs, 0)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** @param from the moment before which nothing leaves, in milliseconds of `performance.now()`. */
function carry(source: Socket, target: Socket, oneWayMs: number, from: number): void {
  const later = (act: () => void): void => {
    setTimeout(act, oneWayMs + Math.max(0, from - performance.now()))
  }
  source.on('data', bytes => {
    later(() => target.write(bytes))
  })
  source.once('close', () => {
    later(() => target.destroy())
  })
}
