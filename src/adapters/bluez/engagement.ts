import type { Message } from '@jellybrick/dbus-next'
import { deferred } from '../../async/deferred.js'
import { ProximityError, UsageError } from '../../errors.js'
import type { CodeOf, HybridError } from '../../errors.js'
import { linkAdapter } from './adapter-link.js'
import type { AdapterLink } from './adapter-link.js'
import { BusConnection } from './bus.js'
import { setbackOf } from './failure.js'
import type { Setback } from './failure.js'
import type { DBusLibrary } from './library.js'
import type { BluezOptions } from './options.js'

/** What is within reach of a task: an adapter, and the connection that leads to it. */
export interface Reach {
  readonly link: AdapterLink
  readonly bus: BusConnection
  readonly library: DBusLibrary
  /** The adapter does not serve the task any more. */
  readonly lose: (error: HybridError) => void
}

/** What a scan or an advert does with an adapter. */
export interface RadioTask {
  /** The interface that the adapter must have. */
  readonly needs: string
  /** The code for a failure of which nothing more is known. */
  readonly failure: CodeOf<'proximity'>
  /** Whether the task needs no adapter any more. */
  isOver(): boolean
  /** Once in a connection, before `begin`. */
  prepare(reach: Reach): Promise<void>
  /** Called again after an adapter that was busy. */
  begin(reach: Reach): Promise<void>
  end(link: AdapterLink): Promise<void>
  /** Takes a signal of bluetoothd. */
  hear(signal: Message): void
}

/**
 * A task on an adapter, over a connection of its own, until the first thing that goes wrong. bluetoothd and the bus undo what is left
 * when the connection closes.
 */
export class Engagement {
  readonly #library: DBusLibrary
  readonly #adapter: string | undefined
  readonly #task: RadioTask
  readonly #bus: BusConnection
  readonly #lost = deferred<HybridError>()
  #loss: HybridError | undefined
  #reach: Reach | undefined
  #preparation: Promise<unknown> | undefined

  constructor(library: DBusLibrary, { adapter, busAddress }: BluezOptions, task: RadioTask) {
    this.#library = library
    this.#adapter = adapter
    this.#task = task
    this.#bus = new BusConnection(library, busAddress, {
      signal: signal => this.#hear(signal),
      lost: this.#lose,
    })
  }

  /** Why the adapter does not serve the task any more; settles when that is so. */
  get lost(): Promise<HybridError> {
    return this.#lost.promise
  }

  get isLost(): boolean {
    return this.#loss !== undefined
  }

  /** One try; after a setback it can be tried again, unless the engagement is lost. Never rejects. */
  async begin(): Promise<Setback | undefined> {
    try {
      const loss = this.lost.then(() => undefined)
      const setback = await Promise.race([this.#begin(), loss])
      return this.#loss === undefined ? setback : this.#setback(this.#loss)
    } catch (cause) {
      return this.#setback(this.#loss ?? cause)
    }
  }

  /** Undoes everything by calls, which is a courtesy to others, then closes. May never settle; `close` helps. */
  async end(): Promise<void> {
    if (this.#reach !== undefined) await this.#task.end(this.#reach.link)
    await this.#bus.removeMatches()
  }

  /** Settles when the socket is gone. */
  close(): Promise<void> {
    return this.#bus.close()
  }

  async #begin(): Promise<Setback | undefined> {
    if (this.#reach === undefined) {
      const link = await linkAdapter(this.#bus, { name: this.#adapter, needs: this.#task.needs })
      if (link instanceof ProximityError) return { kind: 'away', error: link }
      if (this.#task.isOver()) throw new UsageError('aborted', 'stopped while starting')
      this.#reach = { link, bus: this.#bus, library: this.#library, lose: this.#lose }
    }
    const reach = this.#reach
    this.#preparation ??= Promise.all([this.#task.prepare(reach), reach.link.watch()])
    await Promise.all([this.#preparation, this.#task.begin(reach)])
    return undefined
  }

  #setback(cause: unknown): Setback {
    return setbackOf(cause, this.#task.failure)
  }

  #hear(signal: Message): void {
    const link = this.#reach?.link
    if (link === undefined) return
    const loss = link.lossIn(signal)
    if (loss !== undefined) this.#lose(loss)
    else if (link.isFromOwner(signal)) this.#task.hear(signal)
  }

  readonly #lose = (error: HybridError): void => {
    if (this.#loss !== undefined) return
    this.#loss = error
    this.#lost.resolve(error)
    void this.#bus.close()
  }
}
