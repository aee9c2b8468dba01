import type { Asked, Engine, EngineListener, OpenEngine } from '../adapters/directory/engine.js'
import { listFull } from '../adapters/directory/engine-errors.js'
import { MAX_KEPT } from '../adapters/directory/kept-list.js'
import { freshMemberName } from '../adapters/directory/member-name.js'
import { joinEngine } from '../adapters/directory/member.js'
import type { ContactTag } from '../bytes/contact-tag.js'
import { TunnelError } from '../errors.js'
import type { ContactDirectory } from '../ports/contact-directory.js'

/** A directory in this process, whose engine can be killed and started. */
export interface MemoryDirectory extends ContactDirectory {
  /** The engine is killed: its members are down. What is revoked stays on its list. */
  stop(): void
  /** The engine runs again, and its members are up. */
  start(): void
}

interface Seat {
  readonly listener: EngineListener
  readonly topics: Set<string>
}

/**
 * A directory for several tunnel services in one process, as the adapters make it with an engine.
 *
 * @example
 * const directory = memoryDirectory()
 * const services = [await serveTunnel({ port: 0, directory }), await serveTunnel({ port: 0, directory })]
 */
export function memoryDirectory(): MemoryDirectory {
  const engine = new MemoryEngine()
  return {
    join: listener => joinEngine(engine.open, freshMemberName(), listener),
    stop: () => {
      engine.stop()
    },
    start: () => {
      engine.start()
    },
  }
}

class MemoryEngine {
  readonly #seats = new Set<Seat>()
  readonly #revoked = new Set<ContactTag>()
  #isUp = true

  readonly open: OpenEngine = (_, listener) => {
    const seat = { listener, topics: new Set<string>() }
    this.#seats.add(seat)
    if (this.#isUp) this.#greet(seat)
    else listener.down(stopped())
    return Promise.resolve(this.#viewOf(seat))
  }

  stop(): void {
    if (!this.#isUp) return
    this.#isUp = false
    for (const { listener } of this.#seats) listener.down(stopped())
  }

  start(): void {
    if (this.#isUp) return
    this.#isUp = true
    for (const seat of this.#seats) this.#greet(seat)
  }

  #greet({ listener }: Seat): void {
    listener.up()
    listener.kept([...this.#revoked])
  }

  #viewOf(seat: Seat): Engine {
    return {
      subscribe: topic => void seat.topics.add(topic),
      unsubscribe: topic => void seat.topics.delete(topic),
      publish: (topic, bytes) => {
        for (const each of this.#on(topic)) this.#deliver(each, topic, bytes, () => undefined)
      },
      ask: (topic, bytes, limitMs) => this.#ask(topic, bytes, limitMs),
      keep: contacts => Promise.resolve(this.#isUp && this.#keep(contacts, seat)),
      close: () => {
        this.#seats.delete(seat)
        return Promise.resolve()
      },
    }
  }

  #keep(contacts: readonly ContactTag[], { listener }: Seat): boolean {
    const fresh = contacts.filter(contact => !this.#revoked.has(contact))
    const room = MAX_KEPT - this.#revoked.size
    for (const contact of fresh.slice(0, room)) this.#revoked.add(contact)
    if (fresh.length > room) listener.warned(listFull('in memory'))
    return true
  }

  #ask(topic: string, bytes: Uint8Array, limitMs: number): Promise<Asked> {
    const seats = this.#on(topic)
    if (!this.#isUp) return Promise.resolve('down')
    if (seats.length === 0) return Promise.resolve('nobody')
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve('silent'), limitMs)
      for (const seat of seats)
        this.#deliver(seat, topic, bytes, answer => {
          clearTimeout(timer)
          resolve(answer)
        })
    })
  }

  #on(topic: string): readonly Seat[] {
    return this.#isUp ? [...this.#seats].filter(({ topics }) => topics.has(topic)) : []
  }

  #deliver(
    seat: Seat,
    topic: string,
    bytes: Uint8Array,
    answer: Parameters<EngineListener['message']>[2],
  ): void {
    queueMicrotask(() => {
      if (this.#isUp && this.#seats.has(seat)) seat.listener.message(topic, bytes.slice(), answer)
    })
  }
}

function stopped(): TunnelError {
  return new TunnelError('tunnel-unreachable', 'the directory in memory was stopped')
}
