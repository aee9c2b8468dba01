import { randomInt } from 'node:crypto'
import type { Redis } from 'ioredis'
import { within } from '../../async/within.js'
import type { ContactTag } from '../../bytes/contact-tag.js'
import type { Asked, Engine, EngineListener } from '../directory/engine.js'
import { listFull, engineRefused, engineUnreachable } from '../directory/engine-errors.js'
import type { EngineUrl } from '../directory/engine-url.js'
import { Lanes } from './lanes.js'
import type { RedisClass } from './library.js'
import { decodeEnvelope, encodeEnvelope, Questions } from './questions.js'
import type { Envelope } from './questions.js'
import { keepRevoked, readRevoked } from './revoked-set.js'
import { channelOf, Subscriptions, topicOf } from './subscriptions.js'

const ANSWERS = 'reply.'
const FIRST_ATTEMPT_MS = 2000
const AGAIN_MS = 250
const MAX_AGAIN_MS = 2000
const COMMAND_LIMIT_MS = 2000
const PING_MS = 2000
/** Longer than any message of a member. */
const MAX_MESSAGE_BYTES = 8192
const SENT_AT_ONCE = 1000

interface RedisParts {
  readonly library: RedisClass
  readonly address: EngineUrl
  readonly options: Readonly<Record<string, unknown>>
  readonly member: string
}

/** One Redis, by two connections: one that is subscribed can do nothing else. Each connects again by itself. */
export class RedisEngine implements Engine {
  readonly #parts: RedisParts
  readonly #listener: EngineListener
  readonly #questions = new Questions()
  readonly #hearing: Redis
  readonly #saying: Redis
  readonly #sending = new Lanes(SENT_AT_ONCE)
  readonly #subscriptions: Subscriptions
  readonly #pings: ReturnType<typeof setInterval>
  #trouble: unknown
  #isUp = false
  #isDown = false
  #isClosed = false

  private constructor(parts: RedisParts, listener: EngineListener) {
    this.#parts = parts
    this.#listener = listener
    this.#hearing = this.#connection()
    this.#saying = this.#connection()
    this.#subscriptions = new Subscriptions(this.#hearing, this.#fail)
    this.#hearing.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      this.#receive(channel.toString('latin1'), message)
    })
    this.#pings = setInterval(() => this.#ping(), PING_MS)
  }

  /** Settles after the first attempt to connect, whatever came of it. */
  static async open(parts: RedisParts, listener: EngineListener): Promise<RedisEngine> {
    const engine = new RedisEngine(parts, listener)
    engine.subscribe(ANSWERS + parts.member)
    await Promise.allSettled([engine.#hearing.connect(), engine.#saying.connect()])
    return engine
  }

  subscribe(topic: string): void {
    this.#subscriptions.add(topic)
  }

  unsubscribe(topic: string): void {
    this.#subscriptions.remove(topic)
  }

  publish(topic: string, frame: Uint8Array): void {
    if (this.#isUp) this.#send(topic, { kind: 'said', frame }).catch(() => undefined)
  }

  async ask(topic: string, frame: Uint8Array, limitMs: number): Promise<Asked> {
    if (!this.#isUp) return 'down'
    const { member } = this.#parts
    return this.#questions.ask(limitMs, number => this.#send(topic, { kind: 'asked', member, number, frame }))
  }

  async keep(contacts: readonly ContactTag[]): Promise<boolean> {
    try {
      if (!(await keepRevoked(this.#saying, contacts))) this.#listener.warned(listFull(this.#parts.address))
      return true
    } catch (error) {
      this.#hearRefusal(error)
      return false
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#pings)
    this.#questions.settleAll()
    // What was said last leaves with this.
    if (this.#isUp) await Promise.allSettled([this.#quitAfterAll(), this.#hearing.quit()])
    this.#isUp = false
    this.#hearing.disconnect()
    this.#saying.disconnect()
  }

  async #quitAfterAll(): Promise<void> {
    const quitting = this.#sending.run(() => this.#saying.quit())
    await within(COMMAND_LIMIT_MS, quitting, () => new Error('the engine does not take what was said'))
  }

  #connection(): Redis {
    const { library: Library, options } = this.#parts
    const connection = new Library({
      connectTimeout: FIRST_ATTEMPT_MS,
      commandTimeout: COMMAND_LIMIT_MS,
      retryStrategy: attempt => Math.min(AGAIN_MS * attempt, MAX_AGAIN_MS) + randomInt(AGAIN_MS),
      ...options,
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
    })
    connection.on('error', (error: unknown) => {
      this.#trouble = error
    })
    connection.on('close', () => {
      this.#fall()
    })
    connection.on('ready', () => {
      if (this.#isReady) void this.#rise()
    })
    return connection
  }

  get #isReady(): boolean {
    return this.#hearing.status === 'ready' && this.#saying.status === 'ready'
  }

  async #rise(): Promise<void> {
    try {
      await this.#subscriptions.restore()
      if (this.#isClosed || !this.#isReady) return
      this.#isUp = true
      this.#isDown = false
      this.#listener.up()
      await this.#readKept()
    } catch (error) {
      this.#fail(error)
    }
  }

  async #readKept(): Promise<void> {
    try {
      await readRevoked(this.#saying, contacts => {
        if (!this.#isClosed) this.#listener.kept(contacts)
      })
    } catch (error) {
      if (!this.#hearRefusal(error)) throw error
    }
  }

  /** @returns whether the engine has said so itself: making the connections again would change nothing. */
  #hearRefusal(error: unknown): boolean {
    const isRefusal = error instanceof Error && error.name === 'ReplyError'
    if (isRefusal) this.#listener.warned(engineRefused(this.#parts.address, error))
    return isRefusal
  }

  #fall(): void {
    this.#questions.settleAll()
    this.#subscriptions.lose()
    this.#isUp = false
    if (this.#isDown || this.#isClosed) return
    this.#isDown = true
    this.#listener.down(engineUnreachable(this.#parts.address, this.#trouble))
  }

  /** A network that has split leaves connections open and silent: only an answer shows that the engine is there. */
  #ping(): void {
    if (this.#isUp)
      for (const connection of [this.#hearing, this.#saying]) connection.ping().catch(this.#fail)
  }

  /** Both connections are made again after a command has failed. */
  readonly #fail = (error: unknown): void => {
    if (this.#isClosed) return
    this.#trouble = error
    this.#fall()
    for (const connection of [this.#hearing, this.#saying]) connection.disconnect(true)
  }

  async #send(topic: string, envelope: Envelope): Promise<number> {
    try {
      const message = Buffer.from(encodeEnvelope(envelope))
      return await this.#sending.run(() => this.#saying.publish(channelOf(topic), message))
    } catch (error) {
      this.#hearRefusal(error)
      throw error
    }
  }

  #receive(channel: string, message: Uint8Array): void {
    const topic = topicOf(channel)
    if (this.#isClosed || !this.#subscriptions.has(topic)) return
    const isAnswers = topic === ANSWERS + this.#parts.member
    const envelope = message.length > MAX_MESSAGE_BYTES ? undefined : decodeEnvelope(message)
    if (envelope === undefined || (envelope.kind === 'answered') !== isAnswers) this.#listener.misheard()
    else if (envelope.kind === 'answered') this.#questions.settle(envelope.number, envelope.frame)
    else this.#listener.message(topic, envelope.frame, frame => this.#answer(envelope, frame))
  }

  #answer(question: Envelope, frame: Uint8Array): void {
    if (question.kind !== 'asked' || !this.#isUp) return
    const { member, number } = question
    this.#send(ANSWERS + member, { kind: 'answered', number, frame }).catch(() => undefined)
  }
}
