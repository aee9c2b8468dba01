import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { HybridError, ProximityError } from '../../errors.js'
import type {
  AdvertSender,
  DataChannel,
  DataChannelListening,
  DataChannelObserver,
  ListeningDataChannel,
} from '../../ports/data-channel.js'
import { loopbackPort } from './loopback-sender.js'

// A channel is a TCP connection on loopback. Its first byte is the PSM that the client dials.

const HOST = '127.0.0.1'
/** Of the one channel that a device takes at a time. */
const PSM = 0x80
const MAX_CHANNELS = 8
const DIAL_TIMEOUT_MS = 8000
const CLOSE_TIMEOUT_MS = 2000

/** Dials a device of an air hub. */
export function dialLoopback(to: AdvertSender, psm: number, observer: DataChannelObserver): DataChannel {
  // Nobody listens at port 0: an address of another kind is refused as a dial is.
  const socket = connect({ host: HOST, port: loopbackPort(to) ?? 0, noDelay: true })
  const channel = new SocketChannel(socket, observer)
  socket.setTimeout(DIAL_TIMEOUT_MS, () => {
    socket.destroy(new Error(`it does not answer within ${DIAL_TIMEOUT_MS} ms`))
  })
  socket.once('connect', () => {
    socket.setTimeout(0)
    socket.write(Uint8Array.of(psm))
    channel.opened(observer)
    observer.open()
  })
  return channel
}

/** Takes channels on loopback. @param started is told the port, undefined once it takes no more. */
export function listenOnLoopback(
  listening: DataChannelListening,
  started: (port: number | undefined) => void,
): ListeningDataChannel {
  const server = createServer({ noDelay: true }, socket => {
    accept(socket, listening)
  })
  server.maxConnections = MAX_CHANNELS
  let isStopped = false
  const ready = portOf(server).then(
    port => {
      if (isStopped) return
      started(port)
      listening.started(PSM)
    },
    (cause: unknown) => {
      if (!isStopped) listening.failed(asError(cause))
    },
  )
  return {
    stop: async () => {
      isStopped = true
      started(undefined)
      await ready
      // It leaves the channels that it has taken.
      if (server.listening) server.close()
    },
  }
}

/** Most that could listen dial, and are the sooner loaded without what listens. */
async function portOf(server: Server): Promise<number> {
  const { listenOn } = await import('../sockets/listen.js')
  return listenOn(server, HOST, 0)
}

function accept(socket: Socket, listening: DataChannelListening): void {
  const channel = new SocketChannel(socket)
  socket.once('data', first => {
    socket.pause()
    const observer = first[0] === PSM ? listening.accepted(channel) : undefined
    if (observer === undefined) socket.destroy()
    else {
      if (first.length > 1) socket.unshift(first.subarray(1))
      channel.opened(observer)
      socket.resume()
    }
  })
}

class SocketChannel implements DataChannel {
  readonly #socket: Socket
  readonly #gone: Promise<void>
  #observer: DataChannelObserver | undefined
  #failure: 'channel-unreachable' | 'channel-lost' = 'channel-unreachable'

  /** @param observer of a channel that is being dialled. */
  constructor(socket: Socket, observer?: DataChannelObserver) {
    this.#socket = socket
    this.#observer = observer
    socket.on('error', cause => {
      const error = new ProximityError(this.#failure, 'the simulated data channel failed', { cause })
      this.#forget()?.failed(error)
    })
    this.#gone = new Promise(resolve => {
      socket.on('close', () => {
        this.#forget()?.closed()
        resolve()
      })
    })
  }

  opened(observer: DataChannelObserver): void {
    this.#observer = observer
    this.#failure = 'channel-lost'
    this.#socket.on('data', chunk => this.#observer?.bytes(new Uint8Array(chunk)))
  }

  send(bytes: Uint8Array): void {
    if (this.#observer !== undefined && this.#socket.writable) this.#socket.write(new Uint8Array(bytes))
  }

  async close(): Promise<void> {
    this.#forget()
    if (this.#socket.connecting) this.#socket.destroy()
    else this.#socket.end().resume()
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS)
    await this.#gone
    clearTimeout(timer)
  }

  /** From now on nobody hears of the channel. @returns who did. */
  #forget(): DataChannelObserver | undefined {
    const observer = this.#observer
    this.#observer = undefined
    return observer
  }
}

function asError(cause: unknown): HybridError {
  return cause instanceof HybridError
    ? cause
    : new ProximityError('advertise-failed', 'the simulated data channel cannot listen', { cause })
}
