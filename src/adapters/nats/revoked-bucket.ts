import type { KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import type { ContactTag } from '../../bytes/contact-tag.js'
import { UnsupportedError } from '../../errors.js'
import type { EngineListener } from '../directory/engine.js'
import { DAY_MS, KEPT_DAYS, MAX_KEPT } from '../directory/kept-list.js'
import type { NatsLibrary } from './library.js'

const BUCKET = 'fh-revoked'
/** What an entry without a value takes in a file: its subject, and what the server adds. */
const ENTRY_BYTES = 128
/** What the engine says when the bucket is full. */
const FULL = /maximum (bytes|messages) exceeded/i
const EMPTY = new Uint8Array()

/** The bucket of revoked contacts, whose keys are their tags. */
export class RevokedBucket {
  readonly #library: Pick<NatsLibrary, 'Kvm'>
  readonly #listener: EngineListener
  #bucket: KV | undefined
  /** There is no JetStream, or it does not take the bucket. */
  #isMissing = false
  #hasWarned = false
  #heard: string[] = []

  constructor(library: Pick<NatsLibrary, 'Kvm'>, listener: EngineListener) {
    this.#library = library
    this.#listener = listener
  }

  /** Opens the bucket, making it if it is not there, and tells what is in it from now on. */
  async open(connection: NatsConnection): Promise<void> {
    if (this.#bucket !== undefined) return
    try {
      const bucket = await new this.#library.Kvm(connection).create(BUCKET, {
        history: 1,
        ttl: KEPT_DAYS * DAY_MS,
        max_bytes: MAX_KEPT * ENTRY_BYTES,
      })
      this.#bucket = bucket
      this.#isMissing = false
      void this.#watch(bucket)
    } catch (error) {
      if (!connection.isClosed()) this.#warn(`cannot keep revoked contacts (${messageOf(error)})`)
      this.#isMissing = true
    }
  }

  async keep(contacts: readonly ContactTag[]): Promise<boolean> {
    const bucket = this.#bucket
    // Where there is none, nothing is gained by trying again.
    if (bucket === undefined) return this.#isMissing
    try {
      await Promise.all(contacts.map(contact => bucket.put(contact, EMPTY)))
      return true
    } catch (error) {
      const isFull = FULL.test(messageOf(error))
      if (isFull) this.#warn('keeps no more revoked contacts than it has')
      return isFull
    }
  }

  async #watch(bucket: KV): Promise<void> {
    try {
      for await (const { key } of await bucket.watch({ headers_only: true, ignoreDeletes: true }))
        this.#hear(key)
    } catch (error) {
      this.#warn(`tells no more of revoked contacts (${messageOf(error)})`)
    }
  }

  /** What comes together is told together. */
  #hear(key: string): void {
    if (this.#heard.push(key) > 1) return
    setImmediate(() => {
      this.#listener.kept(this.#heard)
      this.#heard = []
    })
  }

  #warn(what: string): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    const message = `the directory on NATS ${what}: they are forgotten when all instances have stopped`
    const cure = 'run nats-server with JetStream (-js), and let its user make the bucket fh-revoked'
    this.#listener.warned(new UnsupportedError('capability-missing', `${message}; ${cure}`))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 100) : ''
}
