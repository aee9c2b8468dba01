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

// A channel is a TCP connection on loopback. Each side’s first byte is the PSM that the client dials: the phone’s says that it takes it.

const HOST = '127.0.0.1'
/** Of the one channel that a device takes at a time. */
const PSM = 0x80
const MAX_CHANNELS = 8
const FIRST_BYTE_TIMEOUT_MS = 8000
const CLOSE_TIMEOUT_MS = 2000

/** Dials a device of an air hub. */
export function dialLoopback(to: AdvertSender, psm: number, observer: DataChannelObserver): DataChannel {
  // No listener is at port 0, so an address of another kind fails like any dial.
  const socket = connect({ host: HOST, port: loopbackPort(to) ?? 0, noDelay: true })
  const channel = new SocketChannel(socket)
  channel.hear(observer)
  socket.once('connect', () => socket.write(Uint8Array.of(psm)))
  atFirstByte(socket, () => {
    channel.open()
    observer.open()
  })
  return channel
}

/** Takes channels on loopback. @param ports has the one of this listener for as long as it takes channels. */
export function listenOnLoopback(listening: DataChannelListening, ports: Set<number>): ListeningDataChannel {
  const arriving = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    arriving.add(socket.once('close', () => arriving.delete(socket)))
    accept(socket, listening, () => arriving.delete(socket))
  })
  server.maxConnections = MAX_CHANNELS
  let isStopped = false
  let ownPort = 0
  const ready = portOf(server).then(
    port => {
      if (isStopped) return
      ownPort = port
      ports.add(port)
      listening.started(PSM)
    },
    (cause: unknown) => {
      if (!isStopped) listening.failed(asError(cause))
    },
  )
  return {
    stop: async () => {
      isStopped = true
      ports.delete(ownPort)
      // Channels that were taken stay open.
      for (const socket of arriving) socket.destroy()
      await ready
      if (server.listening) server.close()
    },
  }
}

/** Loaded on first use: most devices only dial. */
async function portOf(server: Server): Promise<number> {
  const { listenOn } = await import('../sockets/listen.js')
  return listenOn(server, HOST, 0)
}

/** @param arrived is called when it is about to be taken. */
function accept(socket: Socket, listening: DataChannelListening, arrived: () => void): void {
  const channel = new SocketChannel(socket)
  atFirstByte(socket, psm => {
    arrived()
    channel.open()
    socket.cork()
    socket.write(Uint8Array.of(PSM))
    const observer = psm === PSM ? listening.accepted(channel) : undefined
    channel.hear(observer)
    if (observer === undefined) socket.destroy()
    else socket.uncork()
  })
}

/** What follows that byte comes as data once the call is over. */
function atFirstByte(socket: Socket, act: (byte: number | undefined) => void): void {
  socket.setTimeout(FIRST_BYTE_TIMEOUT_MS, () => {
    socket.destroy(new Error(`it says nothing for ${FIRST_BYTE_TIMEOUT_MS} ms`))
  })
  socket.once('data', first => {
    socket.setTimeout(0)
    socket.pause()
    if (first.length > 1) socket.unshift(first.subarray(1))
    act(first[0])
    socket.resume()
  })
}

class SocketChannel implements DataChannel {
  readonly #socket: Socket
  readonly #gone: Promise<void>
  #isOpen = false
  #isClosed = false
  #observer: DataChannelObserver | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', cause => this.#fail(cause))
    this.#gone = new Promise(resolve => {
      socket.on('close', () => {
        if (this.#isOpen) this.#forget()?.closed()
        else this.#fail(undefined)
        resolve()
      })
    })
  }

  /** @param observer hears nothing of a channel that was closed before. */
  hear(observer: DataChannelObserver | undefined): void {
    if (!this.#isClosed) this.#observer = observer
  }

  open(): void {
    this.#isOpen = true
    this.#socket.on('data', chunk => this.#observer?.bytes(new Uint8Array(chunk)))
  }

  send(bytes: Uint8Array): void {
    if (this.#isOpen && this.#socket.writable) this.#socket.write(new Uint8Array(bytes))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#forget()
    if (this.#isOpen) this.#socket.end().resume()
    else this.#socket.destroy()
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS)
    await this.#gone
    clearTimeout(timer)
  }

  #fail(cause: Error | undefined): void {
    const code = this.#isOpen ? 'channel-lost' : 'channel-unreachable'
    this.#forget()?.failed(new ProximityError(code, 'the simulated data channel failed', { cause }))
  }

  /** Takes the observer away, so that it hears nothing more. @returns the observer. */
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
