import type { SocketKind } from '../../src/adapters/l2cap/socket-kind.js'
import { loadSystemCalls } from '../../src/adapters/l2cap/system-calls.js'
import type { SystemCalls } from '../../src/adapters/l2cap/system-calls.js'

const AF_INET = 2
/** `struct sockaddr_in`: family · port, big-endian · address. */
const SOCKET_ADDRESS_BYTES = 16
const LOOPBACK = [127, 0, 0, 1]
const BACKLOG = 16
/** In place of what L2CAP says of a link, so that sends are cut. */
const SEND_LIMIT = 1000

/**
 * TCP on loopback in place of L2CAP: it connects, refuses, fills up and breaks off as that does, on any Linux. A port has 16 bits and a
 * PSM has 8, so an address is a port, and any PSM but its own is refused.
 */
export function tcpSockets(): SocketKind & { port: number } {
  const sockets: SocketKind & { port: number } = {
    port: 0,
    dial: (calls, { address }, psm) =>
      calls.opened(AF_INET, 0, descriptor => {
        calls.connect(descriptor, socketAddress(psm === TCP_PSM ? Number(address) : 1))
        return descriptor
      }),
    listen: calls =>
      calls.opened(AF_INET, 0, descriptor => {
        sockets.port = listening(calls, descriptor, BACKLOG)
        return { descriptor, psm: TCP_PSM }
      }),
    sendLimit: () => SEND_LIMIT,
    isDelivered: (calls, descriptor) => calls.outgoing(descriptor) === 0,
  }
  return sockets
}

export const TCP_PSM = 0x80

/** Listens on loopback. @returns the port. */
function listening(calls: SystemCalls, descriptor: number, backlog: number): number {
  calls.bind(descriptor, socketAddress(0))
  calls.listen(descriptor, backlog)
  return new DataView(calls.address(descriptor, SOCKET_ADDRESS_BYTES).buffer).getUint16(2)
}

function socketAddress(port: number): Uint8Array {
  const bytes = new Uint8Array(SOCKET_ADDRESS_BYTES)
  new Uint16Array(bytes.buffer, 0, 1)[0] = AF_INET
  new DataView(bytes.buffer).setUint16(2, port)
  bytes.set(LOOPBACK, 4)
  return bytes
}

/** A port where connections wait for ever to be accepted. @param clients that fill its queue; the next one hears nothing. */
export async function fillBacklog(clients = 1): Promise<{ readonly port: number; close(): Promise<void> }> {
  const calls = await loadSystemCalls()
  const server = calls.opened(AF_INET, 0, descriptor => descriptor)
  const port = listening(calls, server, 0)
  const sockets = Array.from({ length: clients }, () =>
    calls.opened(AF_INET, 0, descriptor => {
      calls.connect(descriptor, socketAddress(port))
      return descriptor
    }),
  )
  return {
    port,
    close: () => {
      for (const each of [server, ...sockets]) calls.close(each)
      return Promise.resolve()
    },
  }
}
