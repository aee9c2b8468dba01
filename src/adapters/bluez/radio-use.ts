import type { Message } from '@jellybrick/dbus-next'
import { ProximityError, UsageError } from '../../errors.js'
import type { CodeOf, HybridError } from '../../errors.js'
import { linkAdapter } from './adapter-link.js'
import type { AdapterLink } from './adapter-link.js'
import { BusConnection } from './bus.js'
import { failureOf } from './failure.js'
import { loadLibrary } from './library.js'
import type { DBusLibrary } from './library.js'
import { within } from '../../async/within.js'
import type { BluezOptions } from './options.js'

const DEFAULT_START_TIMEOUT_MS = 5000
/** Undoing by calls is a courtesy: bluetoothd undoes what is left when the connection closes. */
const STOP_TIMEOUT_MS = 1000

interface UseListener {
  started(): void
  failed(error: HybridError): void
}

/** One use of an adapter, from start to stop, over a connection of its own. */
export abstract class RadioUse {
  readonly #options: BluezOptions
  readonly #listener: UseListener
  readonly #limitMs: number
  #starting: Promise<void> = Promise.resolve()
  #bus: BusConnection | undefined
  #link: AdapterLink | undefined
  #over = false
  #ended: Promise<void> | undefined

  constructor(options: BluezOptions, listener: UseListener) {
    this.#options = options
    this.#listener = listener
    this.#limitMs = options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS
  }

  start(): this {
    this.#starting = this.#start()
    return this
  }

  /** Settles when the radio is released and the connection closed. */
  stop(): Promise<void> {
    this.#over = true
    return (this.#ended ??= this.#end())
  }

  /** The interface that the adapter must have. */
  protected abstract readonly needs: string
  /** The code for a failure of which nothing more is known. */
  protected abstract readonly failure: CodeOf<'proximity'>
  protected abstract begin(link: AdapterLink, bus: BusConnection, library: DBusLibrary): Promise<void>
  protected abstract end(link: AdapterLink): Promise<void>
  /** Takes a signal of bluetoothd. */
  protected abstract hear(signal: Message): void
  /** Runs after the listener knows of the start. */
  protected abstract begun(): void

  protected isOver(): boolean {
    return this.#over
  }

  protected fail(cause: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#ended = this.#bus?.close()
    this.#listener.failed(failureOf(cause, this.failure))
  }

  async #start(): Promise<void> {
    try {
      const library = await loadLibrary()
      if (this.#over) return
      const bus = (this.#bus = this.#connect(library))
      await within(this.#limitMs, this.#begin(bus, library), () => tooLate(this.#limitMs))
    } catch (cause) {
      this.fail(cause)
      return
    }
    if (this.isOver()) return
    this.#listener.started()
    this.begun()
  }

  #connect(library: DBusLibrary): BusConnection {
    return new BusConnection(library, this.#options.busAddress, {
      signal: signal => {
        this.#hear(signal)
      },
      lost: error => {
        this.fail(error)
      },
    })
  }

  async #begin(bus: BusConnection, library: DBusLibrary): Promise<void> {
    const link = await linkAdapter(bus, { name: this.#options.adapter, needs: this.needs })
    if (this.isOver()) throw new UsageError('aborted', 'stopped while starting')
    this.#link = link
    await Promise.all([link.watch(), this.begin(link, bus, library)])
  }

  #hear(signal: Message): void {
    if (this.#link === undefined) return
    const loss = this.#link.lossIn(signal)
    if (loss !== undefined) this.fail(loss)
    else if (this.#link.isFromOwner(signal)) this.hear(signal)
  }

  async #end(): Promise<void> {
    const limitMs = Math.min(this.#limitMs, STOP_TIMEOUT_MS)
    await within(limitMs, this.#undo(), () => tooLate(limitMs)).catch(() => undefined)
    await this.#bus?.close()
  }

  async #undo(): Promise<void> {
    await this.#starting
    if (this.#link !== undefined) await this.end(this.#link)
    await this.#bus?.removeMatches()
  }
}

function tooLate(ms: number): ProximityError {
  return new ProximityError('bluetooth-unavailable', `the Bluetooth service did not answer within ${ms} ms`)
}
