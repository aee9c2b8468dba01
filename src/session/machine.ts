import type { HandshakeHash } from '../bytes/brands.js'
import { HybridError, ProtocolError, UsageError } from '../errors.js'
import type { SealedTraffic } from '../handshake/sealed-traffic.js'
import type { TunnelRequest } from '../tunnel/request.js'
import type { MachineInput, MachineOutput } from './machine-io.js'
import type { MachineTypes } from './machine-types.js'
import type { Position } from './position.js'

/** Every table of transitions knows these. */
type CommonEvent = 'end' | 'stop'

type PositionOf<Types extends MachineTypes> = Position<
  Types['state'],
  Types['event'] | CommonEvent,
  Types['timed']
>

/**
 * What the machines of both roles share: one input at a time, outputs as values, sealed traffic once there is some, and one way to end.
 *
 * @example
 * const transaction = qrClientTransaction({ crypto, identity, secret })
 * const machine = new ClientSession({ transaction, ephemeral, now: clock.now() })
 * machine.step({ type: 'start' }, clock.now())
 * console.log(machine.state) // awaiting-advert
 */
export abstract class SessionMachine<Types extends MachineTypes> {
  protected readonly position: PositionOf<Types>
  #traffic: SealedTraffic | undefined
  #outputs: (Types['output'] | MachineOutput)[] = []
  #released = false
  /** The data channel that carries this session; undefined: the tunnel does. */
  protected channel: number | undefined

  constructor(position: PositionOf<Types>) {
    this.position = position
  }

  /** Where the machine stands in its table of transitions. */
  get state(): Types['state'] {
    return this.position.state
  }

  /**
   * Takes one input and says what to do about it. Never throws for what a peer did: that closes the session.
   * @param now the caller’s clock, ms, never going back.
   * @throws UsageError `session-misused` for what the caller may not do in this state.
   */
  step(input: Types['input'] | MachineInput, now: number): readonly (Types['output'] | MachineOutput)[] {
    this.#outputs = []
    if (this.#released) return this.#outputs
    try {
      this.apply(input, now)
    } catch (error) {
      if (!(error instanceof HybridError) || error instanceof UsageError) throw error
      this.stop(error)
    }
    const at = this.position.takeNewDeadline(this.alarm)
    if (at !== undefined) this.emit({ type: 'deadline', at })
    return this.#outputs
  }

  /** When a tick is wanted for something else than the deadline; Infinity for nothing. */
  protected get alarm(): number {
    return Infinity
  }

  protected abstract apply(input: Types['input'] | MachineInput, now: number): void
  /** Wipes what the role holds. */
  protected abstract forget(): void

  protected emit(...outputs: (Types['output'] | MachineOutput)[]): void {
    this.#outputs.push(...outputs)
  }

  protected dial(request: TunnelRequest): void {
    this.emit({ type: 'progress', event: 'tunnel-connecting' }, { type: 'dial', request })
  }

  protected send(bytes: Uint8Array): void {
    const { channel } = this
    this.emit({ type: 'send', bytes, ...(channel !== undefined && { channel }) })
  }

  /** @throws UsageError `session-misused` instead of blaming the peer. */
  protected moveByCaller(event: Types['event'] | CommonEvent, now: number): void {
    if (!this.position.expects(event)) {
      throw new UsageError('session-misused', `${event} is not possible while the session is ${this.state}`)
    }
    this.position.move(event, now)
  }

  /** Of the handshake that sealed this connection; undefined before. */
  protected get handshakeHash(): HandshakeHash | undefined {
    return this.#traffic?.handshakeHash
  }

  /** From here on everything is sealed. */
  protected sealWith(traffic: SealedTraffic): void {
    this.#traffic = traffic
  }

  protected sendSealed(message: Uint8Array): void {
    if (this.#traffic !== undefined) this.send(this.#traffic.seal(message))
  }

  protected openSealed(frame: Uint8Array): Uint8Array {
    if (this.#traffic !== undefined) return this.#traffic.open(frame)
    throw new ProtocolError('message-unexpected', `a message came while ${this.state}`)
  }

  /** The peer, or the tunnel under it, has ended: in peace after an answer, too early before (protocol.md 11). */
  protected end(now: number, tooEarly: () => HybridError): void {
    if (!this.position.expects('end')) return this.stop(tooEarly())
    this.position.move('end', now)
    this.release(undefined)
  }

  protected stop(error: HybridError | undefined): void {
    this.position.move('stop', 0)
    this.release(error)
  }

  /** Once closed: wipes everything and says so. */
  protected release(error: HybridError | undefined): void {
    this.#released = true
    this.forget()
    this.#traffic?.destroy()
    this.#traffic = undefined
    this.emit(
      { type: 'progress', event: 'closed' },
      error === undefined ? { type: 'closed' } : { type: 'closed', error },
    )
  }
}
