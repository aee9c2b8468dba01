import { unpadMessage } from '../../handshake/padding.js'
import type { TunnelHeaders } from '../../tunnel/request.js'
import type { LabSurroundings } from '../lab.js'
import type { Carrier, CarrierListener } from './carrier.js'
import { sendsProper, silence } from './turn.js'
import type { Acts, Turn } from './turn.js'
import type { RawTraffic } from './raw-traffic.js'

/** Hears what the other side of a played peer does. */
export interface PlayWatch {
  /** The handshake is through: with its message of 81 bytes or more. */
  readonly met: (message: Uint8Array) => void
  /** A sealed frame of it, as its padded plaintext; undefined for one that does not open. */
  readonly opened: (padded: Uint8Array | undefined) => void
  /** It sent what the played peer could not read. */
  readonly unreadable: (error: unknown) => void
}

const UNWATCHED: PlayWatch = { met: () => undefined, opened: () => undefined, unreadable: () => undefined }

/** A peer that is played: what phones and clients share, whatever they do. */
export abstract class Player<Moment extends string> {
  protected readonly lab: LabSurroundings
  readonly #acts: Acts<Moment>
  readonly #sent: Uint8Array[] = []
  readonly #got: Uint8Array[] = []
  readonly #over: Promise<void>
  #settle: () => void = () => undefined
  #carrier: Carrier | undefined
  readonly #watch: PlayWatch
  #traffic: RawTraffic | undefined

  constructor(lab: LabSurroundings, acts: Acts<Moment>, watch: PlayWatch = UNWATCHED) {
    this.lab = lab
    this.#acts = acts
    this.#watch = watch
    this.#over = new Promise(resolve => {
      this.#settle = resolve
    })
  }

  /** Settles when what carries its frames is over. */
  get over(): Promise<void> {
    return this.#over
  }

  protected get traffic(): RawTraffic | undefined {
    return this.#traffic
  }

  /** @param message the other side’s of the handshake. */
  protected begin(traffic: RawTraffic, message: Uint8Array): void {
    this.#traffic = traffic
    this.#watch.met(message)
  }

  /** The plaintext of a sealed frame; undefined for what does not open. @throws DecodeError for padding that cannot be. */
  protected open(frame: Uint8Array): Uint8Array | undefined {
    const padded = this.#traffic?.openPadded(frame)
    this.#watch.opened(padded)
    return padded && unpadMessage(padded)
  }

  /** Begins to be met. @param through what carries its frames. */
  protected meet(through: (listener: CarrierListener) => Carrier): void {
    this.#carrier = through({
      opened: headers => this.opened(headers),
      frame: bytes => {
        this.#got.push(bytes)
        this.#hear(bytes)
      },
      end: this.end,
    })
  }

  /** A played peer that meets another misbehaving one ends without a word. */
  #hear(frame: Uint8Array): void {
    try {
      this.heard(frame)
    } catch (error) {
      this.#watch.unreadable(error)
      this.end()
    }
  }

  /** @param headers of its tunnel. */
  protected abstract opened(headers?: TunnelHeaders): void
  protected abstract heard(frame: Uint8Array): void
  /** Gives back the radio. */
  protected abstract release(): void

  /** It is the peer’s turn; a decent one is silent where there is nothing proper to send. */
  protected take(
    moment: Moment,
    proper?: Uint8Array,
    send: (frame: Uint8Array) => void = this.transmit,
  ): void {
    const act = this.#acts[moment] ?? (proper === undefined ? silence : sendsProper)
    act(this.#hand(proper ?? new Uint8Array(), send))
  }

  protected readonly transmit = (frame: Uint8Array): void => {
    this.#sent.push(frame)
    this.#carrier?.send(frame)
  }

  protected readonly end = (): void => {
    this.release()
    this.#carrier?.close()
    this.#settle()
  }

  #hand(proper: Uint8Array, send: (frame: Uint8Array) => void): Turn {
    return {
      proper,
      sent: this.#sent,
      got: this.#got,
      traffic: this.#traffic,
      sendFrame: send,
      sendSealed: plaintext => {
        if (this.#traffic !== undefined) send(this.#traffic.seal(plaintext))
      },
      hangUp: this.end,
    }
  }
}
