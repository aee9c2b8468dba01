import { constants } from 'node:os'
import { loadKoffi } from './koffi.js'
import type { Koffi, NativeFunction } from './koffi.js'
import { WatchedDescriptor } from './watched-descriptor.js'

const SOCK_STREAM = 1
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_ERROR = 4
const SO_SNDBUF = 7
/** The peer’s end is an error code, never a signal. */
const MSG_NOSIGNAL = 0x4000
/** As `SIOCOUTQ` of TCP; what it counts is for the kind of socket to say. */
const TIOCOUTQ = 0x5411
const READ_BYTES = 16_384

/** Where a call would have had to wait, or was interrupted: libuv says when to try again. */
const LATER: readonly string[] = ['EAGAIN', 'EINTR']
const CONNECTING: readonly string[] = ['EINPROGRESS', 'EINTR']

/** Of two names for one number the first in the alphabet: `EAGAIN`, not `EWOULDBLOCK`. */
const NAMES = new Map(
  Object.entries(constants.errno)
    .map(([name, errno]) => [errno, name] as const)
    .toReversed(),
)

/** What a call of the C library failed with. */
export class SystemCallError extends Error {
  /** Such as `ECONNREFUSED`. */
  readonly code: string
  readonly call: string

  constructor(call: string, errno: number) {
    const code = NAMES.get(errno) ?? `errno ${errno}`
    super(`${call}: ${code}`)
    this.call = call
    this.code = code
  }
}

/** An option of `getsockopt` and `setsockopt`. */
export interface SocketOption {
  readonly level: number
  readonly name: number
}

const LAST_ERROR: SocketOption = { level: SOL_SOCKET, name: SO_ERROR }
export const SEND_BUFFER: SocketOption = { level: SOL_SOCKET, name: SO_SNDBUF }

/**
 * The socket calls of the C library, none of which waits: sockets are non-blocking, and libuv tells of them. The system’s error is
 * read right after each call, which koffi allows for synchronous ones only.
 */
export class SystemCalls {
  readonly #koffi: Koffi
  readonly #socket: NativeFunction
  readonly #bind: NativeFunction
  readonly #connect: NativeFunction
  readonly #listen: NativeFunction
  readonly #accept4: NativeFunction
  readonly #getsockname: NativeFunction
  readonly #getsockopt: NativeFunction
  readonly #setsockopt: NativeFunction
  readonly #ioctl: NativeFunction
  readonly #send: NativeFunction
  readonly #recv: NativeFunction
  readonly #close: NativeFunction
  readonly #received = new Uint8Array(READ_BYTES)

  constructor(koffi: Koffi) {
    const library = koffi.load(null)
    this.#koffi = koffi
    this.#socket = library.func('int socket(int, int, int)')
    this.#bind = library.func('int bind(int, const void *, uint32_t)')
    this.#connect = library.func('int connect(int, const void *, uint32_t)')
    this.#listen = library.func('int listen(int, int)')
    this.#accept4 = library.func('int accept4(int, void *, void *, int)')
    this.#getsockname = library.func('int getsockname(int, void *, void *)')
    this.#getsockopt = library.func('int getsockopt(int, int, int, void *, void *)')
    this.#setsockopt = library.func('int setsockopt(int, int, int, const void *, uint32_t)')
    this.#ioctl = library.func('int ioctl(int, unsigned long, ...)')
    this.#send = library.func('intptr_t send(int, const void *, size_t, int)')
    this.#recv = library.func('intptr_t recv(int, void *, size_t, int)')
    this.#close = library.func('int close(int)')
  }

  /** A stream socket that is prepared, or closed again when that throws. @throws SystemCallError. */
  opened<Result>(family: number, protocol: number, prepare: (descriptor: number) => Result): Result {
    const type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    const descriptor = this.#checked('socket', this.#socket(family, type, protocol))
    try {
      return prepare(descriptor)
    } catch (error) {
      this.close(descriptor)
      throw error
    }
  }

  /** @throws SystemCallError. */
  bind(descriptor: number, address: Uint8Array): void {
    this.#checked('bind', this.#bind(descriptor, address, address.length))
  }

  /** Begins to connect; `connectFailure` says how it went once the socket is writable. @throws SystemCallError. */
  connect(descriptor: number, address: Uint8Array): void {
    if (this.#connect(descriptor, address, address.length) >= 0) return
    const error = this.#failure('connect')
    if (!CONNECTING.includes(error.code)) throw error
  }

  connectFailure(descriptor: number): SystemCallError | undefined {
    const errno = this.option(descriptor, LAST_ERROR, new Int32Array(1))
    return errno === 0 ? undefined : new SystemCallError('connect', errno)
  }

  /** @throws SystemCallError. */
  listen(descriptor: number, backlog: number): void {
    this.#checked('listen', this.#listen(descriptor, backlog))
  }

  /** @returns undefined when nobody waits any more. */
  accept(descriptor: number): number | SystemCallError | undefined {
    const accepted = this.#accept4(descriptor, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)
    return accepted >= 0 ? accepted : this.#unlessLater('accept')
  }

  /** The socket’s own address. @throws SystemCallError. */
  address(descriptor: number, length: number): Uint8Array {
    const address = new Uint8Array(length)
    this.#checked('getsockname', this.#getsockname(descriptor, address, Int32Array.of(length)))
    return address
  }

  /** @param value as long as the option is; its first element is what is read. @throws SystemCallError. */
  option(descriptor: number, { level, name }: SocketOption, value: Int32Array | Uint16Array): number {
    const length = Int32Array.of(value.byteLength)
    this.#checked('getsockopt', this.#getsockopt(descriptor, level, name, value, length))
    return value[0] ?? 0
  }

  /** @throws SystemCallError. */
  setOption(descriptor: number, { level, name }: SocketOption, value: Int32Array | Uint16Array): void {
    this.#checked('setsockopt', this.#setsockopt(descriptor, level, name, value, value.byteLength))
  }

  /** What `TIOCOUTQ` says. @throws SystemCallError. */
  outgoing(descriptor: number): number {
    const value = new Int32Array(1)
    this.#checked('ioctl', this.#ioctl(descriptor, TIOCOUTQ, 'void *', value))
    return value[0] ?? 0
  }

  /** @returns how many bytes the kernel took; undefined: none for now. */
  send(descriptor: number, bytes: Uint8Array): number | SystemCallError | undefined {
    const sent = this.#send(descriptor, bytes, bytes.length, MSG_NOSIGNAL)
    return sent >= 0 ? sent : this.#unlessLater('send')
  }

  /** @returns the next bytes, none at the end; undefined: nothing for now. */
  receive(descriptor: number): Uint8Array | SystemCallError | undefined {
    const length = this.#recv(descriptor, this.#received, READ_BYTES, 0)
    return length >= 0 ? this.#received.slice(0, length) : this.#unlessLater('recv')
  }

  close(descriptor: number): void {
    this.#close(descriptor)
  }

  watch(descriptor: number, ready: () => void): WatchedDescriptor {
    return new WatchedDescriptor(this.#koffi.node, descriptor, ready)
  }

  #checked(call: string, result: number): number {
    if (result < 0) throw this.#failure(call)
    return result
  }

  #unlessLater(call: string): SystemCallError | undefined {
    const error = this.#failure(call)
    return LATER.includes(error.code) ? undefined : error
  }

  #failure(call: string): SystemCallError {
    return new SystemCallError(call, this.#koffi.errno())
  }
}

let loading: Promise<SystemCalls> | undefined

/** Loads koffi on first use. @throws UnsupportedError `package-missing` or `package-unfit`. */
export function loadSystemCalls(): Promise<SystemCalls> {
  return (loading ??= makeSystemCalls())
}

async function makeSystemCalls(): Promise<SystemCalls> {
  try {
    return new SystemCalls(await loadKoffi())
  } catch (error) {
    // It may be installed by the next time.
    loading = undefined
    throw error
  }
}
