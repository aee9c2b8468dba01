import { ProximityError } from '../../errors.js'
import type { AdvertSender } from '../../ports/data-channel.js'
import type { SocketKind } from './socket-kind.js'
import { SEND_BUFFER, SystemCallError } from './system-calls.js'
import type { SystemCalls } from './system-calls.js'

/** Numbers of Linux: include/net/bluetooth/{bluetooth,l2cap}.h. */
const AF_BLUETOOTH = 31
const BTPROTO_L2CAP = 0
const SOL_BLUETOOTH = 274
const SEND_MTU = { level: SOL_BLUETOOTH, name: 12 } as const
const RECEIVE_MTU = { level: SOL_BLUETOOTH, name: 13 } as const
const ADDRESS_TYPES = { public: 1, random: 2 } as const

/** `struct sockaddr_l2`: family · PSM · address, its last byte first · CID · address type. */
const SOCKET_ADDRESS_BYTES = 14
const PSM_OFFSET = 2
const ADDRESS_OFFSET = 4
const TYPE_OFFSET = 12

const ANY_ADDRESS = '00:00:00:00:00:00'
const ANYWHERE: AdvertSender = { address: ANY_ADDRESS, addressType: 'public' }
/** No adapter has the address that the socket is bound to, or it is off. */
const NO_ROUTE = 'EHOSTUNREACH'
const ADDRESS = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i
/** 65,535 stalls on long messages, and the kernel’s 672 costs more packets. */
const RECEIVE_MTU_BYTES = 2048
const BACKLOG = 4

/**
 * Connection-oriented channels of Bluetooth Low Energy. A socket is bound to an address type of this machine’s side: unbound, it would
 * be one of classic Bluetooth. It is a stream: at the end of a SEQPACKET, the kernel throws away what has not been read.
 */
export const L2CAP_SOCKETS: SocketKind = {
  dial: (calls, to, psm) => {
    const address = to.adapter ?? ANY_ADDRESS
    try {
      return dialFrom(calls, { address, addressType: 'public' }, to, psm)
    } catch (error) {
      // The kernel knows an adapter by its random address where that has no public one.
      if (!(error instanceof SystemCallError) || error.code !== NO_ROUTE) throw error
      return dialFrom(calls, { address, addressType: 'random' }, to, psm)
    }
  },

  listen: calls =>
    opened(calls, ANYWHERE, descriptor => {
      calls.listen(descriptor, BACKLOG)
      return { descriptor, psm: calls.address(descriptor, SOCKET_ADDRESS_BYTES)[PSM_OFFSET] ?? 0 }
    }),

  sendLimit: (calls, descriptor) => calls.option(descriptor, SEND_MTU, new Uint16Array(1)),

  /**
   * `TIOCOUTQ` is the free part of the send buffer. A packet leaves that buffer when the radio has it; the link then keeps the order
   * of what it carries, so the disconnection comes behind it. What waits for the peer’s credits would be thrown away by a close.
   */
  isDelivered: (calls, descriptor) =>
    calls.outgoing(descriptor) >= calls.option(descriptor, SEND_BUFFER, new Int32Array(1)),
}

/** Makes a socket as a dial does, and closes it. @throws SystemCallError. */
export function trySocket(calls: SystemCalls): void {
  opened(calls, ANYWHERE, descriptor => {
    calls.close(descriptor)
  })
}

function dialFrom(calls: SystemCalls, adapter: AdvertSender, to: AdvertSender, psm: number): number {
  return opened(calls, adapter, descriptor => {
    calls.connect(descriptor, socketAddress(to, psm))
    return descriptor
  })
}

/** A socket bound to an adapter, which has to be the one that heard the advert: the kernel chooses badly among several. */
function opened<Result>(
  calls: SystemCalls,
  adapter: AdvertSender,
  use: (descriptor: number) => Result,
): Result {
  return calls.opened(AF_BLUETOOTH, BTPROTO_L2CAP, descriptor => {
    calls.bind(descriptor, socketAddress(adapter, 0))
    calls.setOption(descriptor, RECEIVE_MTU, Uint16Array.of(RECEIVE_MTU_BYTES))
    return use(descriptor)
  })
}

/** @throws ProximityError `channel-unreachable` for what is not a device address. */
export function socketAddress({ address, addressType }: AdvertSender, psm: number): Uint8Array {
  if (!ADDRESS.test(address))
    throw new ProximityError('channel-unreachable', `${address} is not the address of a Bluetooth device`)
  const bytes = new Uint8Array(SOCKET_ADDRESS_BYTES)
  new Uint16Array(bytes.buffer, 0, 1)[0] = AF_BLUETOOTH
  bytes[PSM_OFFSET] = psm
  const digits = address.split(':').map(pair => Number.parseInt(pair, 16))
  bytes.set(digits.toReversed(), ADDRESS_OFFSET)
  bytes[TYPE_OFFSET] = ADDRESS_TYPES[addressType]
  return bytes
}
