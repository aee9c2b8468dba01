import type { KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import type { ContactTag } from '../../bytes/contact-tag.js'
import { UnsupportedError } from '../../errors.js'
import type { EngineListener } from '../directory/engine.js'
import { DAY_MS, KEPT_DAYS, MAX_KEPT } from '../directory/kept-list.js'
import { listFull } from '../directory/engine-errors.js'
import type { EngineUrl } from '../directory/engine-url.js'
import type { NatsLibrary } from './library.js'

interface BucketParts {
  readonly library: Pick<NatsLibrary, 'Kvm'>
  readonly address: EngineUrl
}

const BUCKET = 'fh-revoked'
/** What the engine says when somebody has made the bucket smaller. */
const FULL = /maximum (bytes|messages) exceeded/i
const EMPTY = new Uint8Array()
const ATTEMPTS = 6
const AGAIN_MS = 500

/** The bucket of revoked contacts, whose keys are their tags. */
export class RevokedBucket {
  readonly #parts: BucketParts
  readonly #listener: EngineListener
  #bucket: KV | undefined
  #opening: Promise<void> | undefined
  #heard: string[] = []

  constructor(parts: BucketParts, listener: EngineListener) {
    this.#parts = parts
    this.#listener = listener
  }

  /** Opens the bucket, making it if it is not there, and tells what is in it from now on. */
  open(connection: NatsConnection): void {
    this.#bucket = undefined
    this.#opening = this.#openSoon(connection)
  }

  async keep(contacts: readonly ContactTag[]): Promise<boolean> {
    await this.#opening
    const bucket = this.#bucket
    // Without JetStream there is no bucket, and trying again does not make one.
    if (bucket === undefined) return true
    try {
      const room = Math.max(0, MAX_KEPT - (await bucket.status()).values)
      await Promise.all(contacts.slice(0, room).map(contact => bucket.put(contact, EMPTY)))
      if (contacts.length > room) this.#listener.warned(listFull(this.#parts.address))
      return true
    } catch (error) {
      const isFull = FULL.test(messageOf(error))
      if (isFull) this.#listener.warned(listFull(this.#parts.address))
      return isFull
    }
  }

  /** An engine that has just been started takes connections before it has its files. */
  async #openSoon(connection: NatsConnection): Promise<void> {
    for (let attempt = 1; !connection.isClosed(); attempt++) {
      try {
        await this.#openNow(connection)
        return
      } catch (error) {
        if (connection.isClosed()) return
        if (attempt === ATTEMPTS) {
          this.#listener.warned(noBucket(error))
          return
        }
        await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
      }
    }
  }

  async #openNow(connection: NatsConnection): Promise<void> {
    const bucket = await new this.#parts.library.Kvm(connection).create(BUCKET, {
      history: 1,
      ttl: KEPT_DAYS * DAY_MS,
    })
    const entries = await bucket.watch({ headers_only: true, ignoreDeletes: true })
    this.#bucket = bucket
    void this.#watch(entries)
  }

  /** Ends with the connection, which opens the bucket again when it is back. */
  async #watch(entries: AsyncIterable<{ readonly key: string }>): Promise<void> {
    try {
      for await (const { key } of entries) this.#hear(key)
    } catch {
      // The next opening tells all again.
    }
  }

  /** Contacts that come at the same time are reported in one call. */
  #hear(key: string): void {
    if (this.#heard.push(key) > 1) return
    setImmediate(() => {
      this.#listener.kept(this.#heard)
      this.#heard = []
    })
  }
}

function noBucket(error: unknown): UnsupportedError {
  const message = `the directory on NATS cannot keep revoked contacts (${messageOf(error)}): they are forgotten when all instances have stopped`
  const cure = 'run nats-server with JetStream (-js), and let its user make the bucket fh-revoked'
  return new UnsupportedError('capability-missing', `${message}; ${cure}`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 100) : ''
}
