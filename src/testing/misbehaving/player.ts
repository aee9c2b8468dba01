import type { Tunnel, TunnelListener } from '../../ports/tunnel-dialer.js'
import type { TunnelHeaders, TunnelRequest } from '../../tunnel/request.js'
import type { LabSurroundings } from '../lab.js'
import { sendsProper, silence } from './turn.js'
import type { Acts, Turn } from './turn.js'
import type { RawTraffic } from './raw-traffic.js'

/** A peer that is played: what phones and clients share, whatever they do. */
export abstract class Player<Moment extends string> {
  protected readonly lab: LabSurroundings
  readonly #acts: Acts<Moment>
  readonly #sent: Uint8Array[] = []
  readonly #got: Uint8Array[] = []
  readonly #over: Promise<void>
  #settle: () => void = () => undefined
  #tunnel: Tunnel | undefined
  protected traffic: RawTraffic | undefined

  constructor(lab: LabSurroundings, acts: Acts<Moment>) {
    this.lab = lab
    this.#acts = acts
    this.#over = new Promise(resolve => {
      this.#settle = resolve
    })
  }

  /** Settles when its tunnel is over. */
  get over(): Promise<void> {
    return this.#over
  }

  protected dial(request: TunnelRequest): void {
    const listener: TunnelListener = {
      open: headers => this.opened(headers),
      message: bytes => {
        this.#got.push(bytes)
        this.#hear(bytes)
      },
      closed: () => this.end(),
      failed: () => this.end(),
    }
    this.#tunnel = this.lab.dialer.dial(request, listener)
  }

  /** A played peer that meets another misbehaving one ends without a word. */
  #hear(frame: Uint8Array): void {
    try {
      this.heard(frame)
    } catch {
      this.end()
    }
  }

  protected abstract opened(headers: TunnelHeaders): void
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
    this.#tunnel?.send(frame)
  }

  protected readonly end = (): void => {
    this.release()
    void this.#tunnel?.close()
    this.#settle()
  }

  #hand(proper: Uint8Array, send: (frame: Uint8Array) => void): Turn {
    return {
      proper,
      sent: this.#sent,
      got: this.#got,
      traffic: this.traffic,
      sendFrame: send,
      sendSealed: plaintext => {
        if (this.traffic !== undefined) send(this.traffic.seal(plaintext))
      },
      hangUp: this.end,
    }
  }
}
