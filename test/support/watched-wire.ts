import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Who sent a piece. */
export type WireSide = 'dialler' | 'service'

/** Stands before the tunnel service and shows each piece that comes by, before it passes. */
export interface WatchedWire {
  readonly url: string
  close(): Promise<void>
}

/** @param onPiece says of each piece whether it passes. */
export async function watchWire(
  servicePort: number,
  onPiece: (from: WireSide) => boolean,
): Promise<WatchedWire> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    const onward = connect(servicePort, '127.0.0.1')
    pipe(socket, onward, 'dialler')
    pipe(onward, socket, 'service')
  })
  const pipe = (from: Socket, to: Socket, side: WireSide): void => {
    sockets.add(from)
    from.setNoDelay(true)
    from.on('data', piece => {
      if (onPiece(side)) to.write(piece)
    })
    from.on('end', () => to.end())
    // Its other side learns of every end, however it came about.
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.destroySoon()
    })
  }
  const { port } = await listening(server)
  return {
    url: `ws://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function listening(server: Server): Promise<AddressInfo> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo))
  })
}
