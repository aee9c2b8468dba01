import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { UnsupportedError } from '../../errors.js'

/** X11, and its extension XTEST, version 2.2; numbers lowest byte first. */
const LITTLE_ENDIAN = 0x6c
const PROTOCOL = 11
const ACCEPTED = 1
const QUERY_EXTENSION = 98
const FAKE_INPUT = 2
const FAKE_INPUT_BYTES = 36
const KEY = { press: 2, release: 3 } as const
const UNIT = 4
const SETUP_HEAD_BYTES = 8
const REPLY_BYTES = 32
const EXTENSION = Buffer.from('XTEST')

/** Keys by their code in Xvfb’s keyboard (evdev). */
const KEY_CODES = { Escape: 9 } as const

/** Presses keys on a screen. As long as it is connected, the screen stays. */
export class Keyboard {
  readonly #socket: Socket
  readonly #opcode: number

  private constructor(socket: Socket, opcode: number) {
    this.#socket = socket
    this.#opcode = opcode
  }

  /** @param cookie that of MIT-MAGIC-COOKIE-1, 16 bytes. @throws UnsupportedError `capability-missing`. */
  static async connect(display: string, cookie: Buffer): Promise<Keyboard> {
    const socket = connect(`/tmp/.X11-unix/X${display}`)
    await once(socket, 'connect')
    const reader = new Reader(socket)
    socket.write(setup(cookie))
    const head = await reader.read(SETUP_HEAD_BYTES)
    await reader.read(head.readUInt16LE(6) * UNIT)
    if (head[0] !== ACCEPTED) throw noKeyboard()
    socket.write(queryExtension())
    const reply = await reader.read(REPLY_BYTES)
    const [isReply, isPresent, opcode = 0] = [reply[0], reply[8], reply[9]]
    if (isReply !== 1 || isPresent !== 1) throw noKeyboard()
    socket.resume()
    return new Keyboard(socket, opcode)
  }

  press(key: keyof typeof KEY_CODES): void {
    for (const type of [KEY.press, KEY.release]) {
      const request = Buffer.alloc(FAKE_INPUT_BYTES)
      request.set([this.#opcode, FAKE_INPUT, FAKE_INPUT_BYTES / UNIT, 0, type, KEY_CODES[key]])
      this.#socket.write(request)
    }
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** Gives what comes in as many bytes as are asked for. */
class Reader {
  readonly #socket: Socket
  constructor(socket: Socket) {
    this.#socket = socket
  }

  async read(bytes: number): Promise<Buffer> {
    if (bytes === 0) return Buffer.alloc(0)
    for (;;) {
      const chunk: unknown = this.#socket.read(bytes)
      if (Buffer.isBuffer(chunk) && chunk.length === bytes) return chunk
      if (this.#socket.readableEnded || this.#socket.destroyed) throw noKeyboard()
      await Promise.race([once(this.#socket, 'readable'), once(this.#socket, 'end')])
    }
  }
}

/** The connection setup of X11 (section 8 of its specification). */
function setup(cookie: Buffer): Buffer {
  const name = Buffer.from('MIT-MAGIC-COOKIE-1')
  const head = Buffer.alloc(12)
  head[0] = LITTLE_ENDIAN
  head.writeUInt16LE(PROTOCOL, 2)
  head.writeUInt16LE(name.length, 6)
  head.writeUInt16LE(cookie.length, 8)
  return Buffer.concat([head, padded(name), padded(cookie)])
}

function queryExtension(): Buffer {
  const head = Buffer.alloc(8)
  head[0] = QUERY_EXTENSION
  head.writeUInt16LE((head.length + padded(EXTENSION).length) / UNIT, 2)
  head.writeUInt16LE(EXTENSION.length, 4)
  return Buffer.concat([head, padded(EXTENSION)])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], Math.ceil(bytes.length / UNIT) * UNIT)
}

function noKeyboard(): UnsupportedError {
  return new UnsupportedError('capability-missing', 'Xvfb takes no key presses: it needs its extension XTEST')
}
