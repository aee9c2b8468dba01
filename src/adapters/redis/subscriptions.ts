import type { Redis } from 'ioredis'

const PREFIX = 'fh:'
/** In one command. */
const AT_ONCE = 1000

/** The channel of a topic. */
export const channelOf = (topic: string): string => PREFIX + topic
/** The topic of a channel. */
export const topicOf = (channel: string): string => channel.slice(PREFIX.length)

/** What one connection is subscribed to. One command is under way at a time, and what changes meanwhile goes with the next. */
export class Subscriptions {
  readonly #connection: Pick<Redis, 'subscribe' | 'unsubscribe'>
  readonly #failed: (error: unknown) => void
  readonly #topics = new Set<string>()
  /** Topics that have not been sent to the engine yet. */
  #changed = new Set<string>()
  #isConnected = false
  #telling: Promise<void> | undefined

  /** @param failed is told what the connection rejects with. */
  constructor(connection: Pick<Redis, 'subscribe' | 'unsubscribe'>, failed: (error: unknown) => void) {
    this.#connection = connection
    this.#failed = failed
  }

  has(topic: string): boolean {
    return this.#topics.has(topic)
  }

  add(topic: string): void {
    this.#topics.add(topic)
    this.#change(topic)
  }

  remove(topic: string): void {
    this.#topics.delete(topic)
    this.#change(topic)
  }

  /** The connection is new: subscribes it to all. Rejects as the connection does. */
  restore(): Promise<void> {
    this.#isConnected = true
    this.#changed = new Set(this.#topics)
    return this.#tell()
  }

  /** The connection is lost: what changes is told to the next. */
  lose(): void {
    this.#isConnected = false
    this.#changed.clear()
  }

  #change(topic: string): void {
    if (!this.#isConnected) return
    this.#changed.add(topic)
    if (this.#telling === undefined) this.#tell().catch(this.#failed)
  }

  #tell(): Promise<void> {
    return (this.#telling ??= this.#tellAll())
  }

  async #tellAll(): Promise<void> {
    // What else changes in this tick goes along, and its end is waited for: a long one would use the time limit up.
    await Promise.resolve()
    try {
      while (this.#changed.size > 0) await this.#tellSome()
    } finally {
      this.#telling = undefined
    }
  }

  async #tellSome(): Promise<void> {
    const some = [...this.#changed].slice(0, AT_ONCE)
    for (const topic of some) this.#changed.delete(topic)
    const wanted = some.filter(topic => this.#topics.has(topic))
    const others = some.filter(topic => !this.#topics.has(topic))
    if (wanted.length > 0) await this.#connection.subscribe(...wanted.map(channelOf))
    // Without a channel it would mean all.
    if (others.length > 0) await this.#connection.unsubscribe(...others.map(channelOf))
  }
}
