import type { Duplex } from 'node:stream'

/**
 * Watches a socket whose upgrade has to wait. A client that hangs up, or speaks before the answer (RFC 6455
 * section 4.1), has given up.
 * @returns ends the watch.
 */
export function holdSocket(socket: Duplex, gaveUp: () => void): () => void {
  const cut = (): void => {
    socket.destroy()
  }
  socket.on('data', cut).on('end', cut).on('error', cut).on('close', gaveUp)
  return () => {
    socket.off('data', cut).off('end', cut).off('error', cut).off('close', gaveUp)
  }
}
