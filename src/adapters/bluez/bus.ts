import { EventEmitter } from 'node:events'
import { Duplex } from 'node:stream'
import type { Message, MessageBus } from '@jellybrick/dbus-next'
import type { ProximityError } from '../../errors.js'
import { busFailure } from './failure.js'
import type { DBusLibrary } from './library.js'
import { BUS, BUS_PATH } from './names.js'

const SYSTEM_BUS = 'unix:path=/var/run/dbus/system_bus_socket'

/** A method call; `signature` and `body` go together. */
export interface MethodCall {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  readonly signature?: string
  readonly body?: readonly unknown[]
}

/** Called synchronously; nothing comes after `lost`. */
export interface BusListener {
  signal(signal: Message): void
  /** The connection failed or broke; all calls have been rejected. */
  lost(error: ProximityError): void
}

/**
 * A connection to a message bus. Message-level calls only: what the library does above that is broken in 0.11, and a
 * call that has no bus behind it never settles there. Here it is rejected when the bus is lost or closed.
 */
export class BusConnection {
  readonly #library: DBusLibrary
  readonly #bus: MessageBus
  readonly #rules = new Set<string>()
  readonly #waiting = new Set<(error: Error) => void>()
  #listener: BusListener | undefined
  #connected = false
  #gone: Error | undefined

  constructor(library: DBusLibrary, address: string | undefined, listener: BusListener) {
    this.#library = library
    this.#listener = listener
    this.#bus = library.sessionBus({
      busAddress: address ?? (process.env['DBUS_SYSTEM_BUS_ADDRESS'] || SYSTEM_BUS),
      authMethods: ['EXTERNAL'],
    })
    this.#bus.on('connect', () => (this.#connected = true))
    eventsOf(this.#bus).on('error', cause => {
      this.#lose(cause)
    })
    connectionBelow(this.#bus)?.on('end', () => {
      this.#lose(new Error('the bus closed the connection'))
    })
    this.#bus.on('message', message => {
      if (message.type === library.MessageType.SIGNAL) this.#deliver(message)
    })
  }

  /** @throws DBusError with what the other side answers, or ProximityError when the bus is lost. */
  call({ body, ...call }: MethodCall): Promise<Message> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone)
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#bus
        .call(new this.#library.Message({ ...call, body: [...(body ?? [])] }))
        .finally(() => this.#waiting.delete(reject))
        .then(reply => {
          if (reply !== null) resolve(reply)
        }, reject)
    })
  }

  /** Asks for signals, such as `type='signal',sender='org.bluez'`. */
  async addMatch(rule: string): Promise<void> {
    if (this.#rules.has(rule)) return
    this.#rules.add(rule)
    await this.#callBus('AddMatch', rule)
  }

  /** Asks for no signals any more. */
  async removeMatches(): Promise<void> {
    const rules = [...this.#rules]
    this.#rules.clear()
    await Promise.all(rules.map(rule => this.#callBus('RemoveMatch', rule)))
  }

  /** Answers method calls: `answer` returns the reply, or undefined for those it does not know. */
  serve(answer: (call: Message) => Message | undefined): void {
    this.#bus.addMethodHandler(call => {
      const reply = answer(call)
      if (reply === undefined) return false
      if ((call.flags & this.#library.MessageFlag.NO_REPLY_EXPECTED) === 0) this.#bus.send(reply)
      return true
    })
  }

  /** Sends a message that has no answer: a signal. */
  send(message: Message): void {
    if (this.#gone === undefined) this.#bus.send(message)
  }

  /** Settles when the socket is gone; the listener hears nothing more. */
  async close(): Promise<void> {
    this.#listener = undefined
    this.#rejectAll(new Error('the connection was closed'))
    const stream = streamOf(connectionBelow(this.#bus))
    if (stream === undefined || stream.closed) return
    // Half closing, which is what the library does, waits for a bus that may never answer.
    await new Promise<void>(resolve => {
      stream.once('close', resolve).destroy()
    })
  }

  async #callBus(member: string, rule: string): Promise<void> {
    const call = { destination: BUS, path: BUS_PATH, interface: BUS, member, signature: 's', body: [rule] }
    await this.call(call)
  }

  #deliver(signal: Message): void {
    try {
      this.#listener?.signal(signal)
    } catch (error) {
      // The library would take it for its own and answer the signal with an error.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #lose(cause: unknown): void {
    const listener = this.#listener
    this.#listener = undefined
    const error = busFailure(cause, this.#connected)
    this.#rejectAll(error)
    listener?.lost(error)
  }

  #rejectAll(error: Error): void {
    this.#gone ??= error
    for (const reject of this.#waiting) reject(error)
    this.#waiting.clear()
  }
}

/** The library’s types know nothing of its error event. */
function eventsOf(bus: EventEmitter): EventEmitter {
  return bus
}

/** The library hides its connection, and does not report its end. */
function connectionBelow(bus: MessageBus): EventEmitter | undefined {
  const connection: unknown = Reflect.get(bus, '_connection')
  return connection instanceof EventEmitter ? connection : undefined
}

function streamOf(connection: EventEmitter | undefined): Duplex | undefined {
  const stream: unknown = connection === undefined ? undefined : Reflect.get(connection, 'stream')
  return stream instanceof Duplex ? stream : undefined
}
