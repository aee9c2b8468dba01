import type { Message } from '@jellybrick/dbus-next'
import { ProximityError } from '../../errors.js'
import type { CodeOf, HybridError } from '../../errors.js'
import type { RadioListener } from '../../ports/ble.js'
import type { Clock } from '../../ports/clock.js'
import { systemClock } from '../system/system.js'
import type { AdapterLink } from './adapter-link.js'
import { Engagement } from './engagement.js'
import type { RadioTask, Reach } from './engagement.js'
import { failureOf } from './failure.js'
import type { Setback } from './failure.js'
import { inTime } from './in-time.js'
import { loadLibrary } from './library.js'
import type { DBusLibrary } from './library.js'
import type { BluezOptions } from './options.js'
import { Pauses } from './pauses.js'

const DEFAULT_START_TIMEOUT_MS = 5000
const DEFAULT_MAX_INTERRUPTION_MS = 5000
/** An adapter that a machine waking up, or a cable, brings back; one that the user has to switch on takes longer. */
const AWAY_AT_START_MS = 1500
const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 500
/** The last try begins when the time is up. It may take this long for its answer, ms. */
const LAST_ANSWER_MS = 1000
/** Undoing by calls is a courtesy: bluetoothd undoes what is left when the connection closes. */
const STOP_TIMEOUT_MS = 1000

/** What waiting cannot mend. */
const FINAL: readonly string[] = ['bluetooth-unauthorised', 'advert-too-long']

/** How long after the first try a setback may still be, ms. */
type Patience = (setback: Setback) => number

/** One use of an adapter, from start to stop. An interruption ends an engagement, and the next one goes on. */
export abstract class RadioUse implements RadioTask {
  readonly #options: BluezOptions
  readonly #listener: RadioListener
  readonly #clock: Clock
  readonly #startMs: number
  readonly #interruptionMs: number
  readonly #pauses: Pauses
  /** Starting, or coming back. */
  #work: Promise<void> = Promise.resolve()
  #engagement: Engagement | undefined
  #over = false
  #ended: Promise<void> | undefined

  constructor(options: BluezOptions, listener: RadioListener) {
    this.#options = options
    this.#listener = listener
    this.#clock = options.clock ?? systemClock
    this.#startMs = options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS
    this.#interruptionMs = options.maxInterruptionMs ?? DEFAULT_MAX_INTERRUPTION_MS
    this.#pauses = new Pauses(this.#clock)
  }

  start(): this {
    this.#work = this.#start()
    return this
  }

  /** Settles when the radio is released and the connection closed. */
  stop(): Promise<void> {
    this.#over = true
    this.#pauses.end()
    return (this.#ended ??= this.#end())
  }

  isOver(): boolean {
    return this.#over
  }

  public abstract readonly needs: string
  public abstract readonly failure: CodeOf<'proximity'>
  public abstract prepare(reach: Reach): Promise<void>
  public abstract begin(reach: Reach): Promise<void>
  public abstract end(link: AdapterLink): Promise<void>
  public abstract hear(signal: Message): void
  /** Runs after the listener knows of the start, or of the end of an interruption. */
  protected abstract begun(): void

  async #start(): Promise<void> {
    const library = await loadLibrary().catch((cause: unknown) => this.#fail(failureOf(cause, this.failure)))
    if (library === undefined) return
    const error = await this.#comeUp(library, this.#startMs, setback => this.#patienceAtStart(setback))
    if (error === undefined) this.#run(library, () => this.#listener.started())
    else this.#fail(error)
  }

  #patienceAtStart({ kind }: Setback): number {
    if (kind === 'busy') return Infinity
    return kind === 'away' ? AWAY_AT_START_MS : 0
  }

  #run(library: DBusLibrary, tell: () => void): void {
    if (this.#over) return
    tell()
    this.begun()
    void this.#engagement?.lost.then(error => {
      if (!this.#over) this.#interrupt(library, error)
    })
  }

  #interrupt(library: DBusLibrary, loss: HybridError): void {
    if (this.#interruptionMs === 0) {
      this.#fail(loss)
      return
    }
    this.#work = this.#comeBack(library, loss)
    this.#listener.interrupted?.(loss)
  }

  async #comeBack(library: DBusLibrary, loss: HybridError): Promise<void> {
    const patience: Patience = ({ error }) => (FINAL.includes(error.code) ? 0 : Infinity)
    const pauseMs = Math.min(FIRST_PAUSE_MS, this.#interruptionMs)
    await this.#pauses.take(pauseMs)
    const error = await this.#comeUp(library, this.#interruptionMs - pauseMs, patience)
    if (error === undefined) this.#run(library, () => this.#listener.resumed?.())
    else this.#fail(FINAL.includes(error.code) ? error : loss)
  }

  /** Tries until an adapter serves. @returns the last setback’s error; undefined also when the radio is not wanted any more. */
  async #comeUp(library: DBusLibrary, limitMs: number, patience: Patience): Promise<HybridError | undefined> {
    const begunAt = this.#clock.now()
    const leftOf = (ms: number): number => begunAt + Math.min(ms, limitMs) - this.#clock.now()
    for (let pauseMs = FIRST_PAUSE_MS; !this.#over; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const setback = await this.#try(library, Math.max(leftOf(limitMs), Math.min(limitMs, LAST_ANSWER_MS)))
      if (setback === undefined) return undefined
      const leftMs = leftOf(patience(setback))
      if (leftMs <= 0) return setback.error
      await this.#pauses.take(Math.min(pauseMs, leftMs))
    }
    return undefined
  }

  #try(library: DBusLibrary, answerMs: number): Promise<Setback | undefined> {
    if (this.#engagement?.isLost !== false) this.#engagement = new Engagement(library, this.#options, this)
    return inTime(this.#clock, answerMs, this.#engagement.begin(), () => tooLate(answerMs))
  }

  #fail(error: HybridError): void {
    if (this.#over) return
    this.#over = true
    this.#ended = this.#engagement?.close()
    this.#listener.failed(error)
  }

  async #end(): Promise<void> {
    const limitMs = Math.min(this.#startMs, STOP_TIMEOUT_MS)
    await inTime(this.#clock, limitMs, this.#undo(), () => undefined)
    await this.#engagement?.close()
  }

  async #undo(): Promise<void> {
    await this.#work
    await this.#engagement?.end().catch(() => undefined)
  }
}

function tooLate(ms: number): Setback {
  const message = `the Bluetooth service did not answer within ${ms} ms`
  return { kind: 'refused', error: new ProximityError('bluetooth-unavailable', message) }
}
