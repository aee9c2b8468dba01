import { randomInt } from 'node:crypto'
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node'
import type { ContactTag } from '../../bytes/contact-tag.js'
import type { Asked, Engine, EngineListener } from '../directory/engine.js'
import { engineRefused, engineUnreachable } from '../directory/engine-errors.js'
import type { EngineUrl } from '../directory/engine-url.js'
import type { NatsLibrary } from './library.js'
import { RevokedBucket } from './revoked-bucket.js'

const PREFIX = 'fh.'
const CONNECT_LIMIT_MS = 2000
const AGAIN_MS = 250
/** A network that has split leaves the connection open and silent: the third ping in a row without an answer ends it. */
const PING_MS = 2000
const MAX_UNANSWERED_PINGS = 2

export interface NatsParts {
  readonly library: Pick<NatsLibrary, 'connect' | 'Kvm' | 'RequestError'>
  readonly address: EngineUrl
  readonly options: Readonly<Record<string, unknown>>
}

/** NATS, whose client connects again by itself once it has been connected. */
export class NatsEngine implements Engine {
  readonly #parts: NatsParts
  readonly #listener: EngineListener
  /** Undefined before there is a connection. */
  readonly #topics = new Map<string, Subscription | undefined>()
  readonly #bucket: RevokedBucket
  #connection: NatsConnection | undefined
  #wake: () => void = () => undefined
  #isUp = false
  #isDown = false
  #isClosed = false

  private constructor(parts: NatsParts, listener: EngineListener) {
    this.#parts = parts
    this.#listener = listener
    this.#bucket = new RevokedBucket(parts, listener)
  }

  /** Settles after the first attempt to connect, whatever came of it. */
  static async open(parts: NatsParts, listener: EngineListener): Promise<NatsEngine> {
    const engine = new NatsEngine(parts, listener)
    if (!(await engine.#connect())) void engine.#connectLater()
    return engine
  }

  subscribe(topic: string): void {
    if (!this.#topics.has(topic)) this.#topics.set(topic, this.#listen(topic))
  }

  unsubscribe(topic: string): void {
    if (this.#isOpen) this.#topics.get(topic)?.unsubscribe()
    this.#topics.delete(topic)
  }

  publish(topic: string, bytes: Uint8Array): void {
    if (this.#isOpen && this.#isUp) this.#connection?.publish(PREFIX + topic, bytes)
  }

  async ask(topic: string, bytes: Uint8Array, timeout: number): Promise<Asked> {
    if (!this.#isOpen || !this.#isUp || this.#connection === undefined) return 'down'
    try {
      return (await this.#connection.request(PREFIX + topic, bytes, { timeout })).data
    } catch (error) {
      if (error instanceof this.#parts.library.RequestError && error.isNoResponders()) return 'nobody'
      return this.#unanswered()
    }
  }

  #unanswered(): Asked {
    return this.#isUp ? 'silent' : 'down'
  }

  keep(contacts: readonly ContactTag[]): Promise<boolean> {
    return this.#bucket.keep(contacts)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    const connection = this.#connection
    if (connection === undefined || connection.isClosed()) return
    // What was said last still leaves; a connection that is lost has nowhere to send it.
    if (this.#isUp) await connection.flush().catch(() => undefined)
    await connection.close()
  }

  get #isOpen(): boolean {
    return this.#connection !== undefined && !this.#isClosed && !this.#connection.isClosed()
  }

  async #connect(): Promise<boolean> {
    const { library, address, options } = this.#parts
    try {
      const connection = await library.connect({
        timeout: CONNECT_LIMIT_MS,
        reconnectTimeWait: AGAIN_MS,
        pingInterval: PING_MS,
        maxPingOut: MAX_UNANSWERED_PINGS,
        noEcho: true,
        ...options,
        maxReconnectAttempts: -1,
        ignoreAuthErrorAbort: true,
      })
      if (this.#isClosed) await connection.close()
      else this.#begin(connection)
      return true
    } catch (error) {
      if (!this.#isDown && !this.#isClosed) this.#listener.down(engineUnreachable(address, error))
      this.#isDown = true
      return this.#isClosed
    }
  }

  async #connectLater(): Promise<void> {
    do {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, AGAIN_MS + randomInt(AGAIN_MS))
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    } while (!this.#isClosed && !(await this.#connect()))
  }

  #begin(connection: NatsConnection): void {
    this.#connection = connection
    for (const topic of this.#topics.keys()) this.#topics.set(topic, this.#listen(topic))
    void this.#watch(connection)
    this.#rise(connection)
  }

  #rise(connection: NatsConnection): void {
    this.#isUp = true
    this.#isDown = false
    // Before the listener has something to keep.
    this.#bucket.open(connection)
    this.#listener.up()
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (this.#isClosed) return
      if (status.type === 'reconnect' && !this.#isUp) this.#rise(connection)
      // Rights are missing, or the engine does not take the password any more.
      if (status.type === 'error') this.#listener.warned(engineRefused(this.#parts.address, status.error))
      if (status.type === 'disconnect' && this.#isUp) {
        this.#isUp = false
        this.#listener.down(engineUnreachable(this.#parts.address, undefined))
      }
    }
  }

  #listen(topic: string): Subscription | undefined {
    if (!this.#isOpen) return undefined
    return this.#connection?.subscribe(PREFIX + topic, {
      callback: (error, message) => {
        if (error === null && !this.#isClosed) this.#hear(topic, message)
      },
    })
  }

  #hear(topic: string, message: Msg): void {
    this.#listener.message(topic, message.data, bytes => {
      if (this.#isOpen) message.respond(bytes)
    })
  }
}
