import { limitsFrom } from '../bytes/limits.js'
import { ProtocolError } from '../errors.js'
import type { TimedStage, Transitions } from './states.js'

/** How long each stage may last, in ms. `ceremonyMs` bounds all of them together; Infinity means no limit. */
export interface Timeouts {
  /**
   * All stages together; default Infinity. `create` and `get` take the relying party’s `timeout` instead, from 5 to 10
   * minutes; `getDigital` and `createDigital` 10 minutes.
   */
  readonly ceremonyMs: number
  /** Client: until an advert fits. Authenticator: until a client that heard the advert speaks. Default 120 000. */
  readonly advertMs: number
  /** Until the tunnel service accepts; default 10 000. */
  readonly tunnelMs: number
  /** Client: until a BLE data channel has opened, default 10 000; then the tunnel is dialled, where that is allowed. */
  readonly channelMs: number
  /** Client: until another device is heard, after one that is not the phone took the data channel; default 5 000. */
  readonly rescanMs: number
  /**
   * Authenticator that takes BLE data channels: until its listener has begun, and then until the tunnel is open; default 3 000. It
   * advertises what it has by then.
   */
  readonly offerMs: number
  /** Until the phone has answered the handshake and introduced itself; default 15 000. */
  readonly handshakeMs: number
  /** Authenticator: until the first request; default 60 000. */
  readonly requestMs: number
  /** Client: until the phone’s user has decided; default 300 000. */
  readonly responseMs: number
  /** Authenticator: until the client says goodbye after an answer; default 30 000. */
  readonly goodbyeMs: number
}

/** Generous for people, finite for processes (protocol.md 18). */
export const DEFAULT_TIMEOUTS: Timeouts = {
  ceremonyMs: Infinity,
  advertMs: 120_000,
  tunnelMs: 10_000,
  channelMs: 10_000,
  rescanMs: 5_000,
  offerMs: 3_000,
  handshakeMs: 15_000,
  requestMs: 60_000,
  responseMs: 300_000,
  goodbyeMs: 30_000,
}

/** @throws UsageError `argument-invalid` for a limit that is not a number of ms, 0 or more. */
export function timeoutsFrom(given: Partial<Timeouts> | undefined): Timeouts {
  return limitsFrom('timeouts', { ...DEFAULT_TIMEOUTS }, given)
}

/** Where a machine starts, and how long it may take. */
interface PositionOptions<State extends string, Event extends string, Timed extends TimedStage> {
  readonly transitions: Transitions<State, Event>
  readonly stages: Readonly<Record<State, Timed | undefined>>
  readonly initial: State
  readonly timeouts: Timeouts
  /** The caller’s clock, ms. */
  readonly now: number
}

/** Where a machine stands in its table of transitions, and until when it may stand there. */
export class Position<State extends string, Event extends string, Timed extends TimedStage> {
  readonly #transitions: Transitions<State, Event>
  readonly #stages: Readonly<Record<State, Timed | undefined>>
  readonly #timeouts: Timeouts
  readonly #ceremonyEnd: number
  #state: State
  #deadline: number
  #announced = Infinity

  constructor({ transitions, stages, initial, timeouts, now }: PositionOptions<State, Event, Timed>) {
    this.#transitions = transitions
    this.#stages = stages
    this.#timeouts = timeouts
    this.#ceremonyEnd = now + timeouts.ceremonyMs
    this.#state = initial
    this.#deadline = this.#ceremonyEnd
  }

  get state(): State {
    return this.#state
  }

  /** The stage of the present state. */
  get stage(): Timed | undefined {
    return this.#stages[this.#state]
  }

  /** When the present state times out, in ms of the caller’s clock; Infinity when it never does. */
  get deadline(): number {
    return this.#deadline
  }

  /** Whether the time of all stages together is over. */
  isOver(now: number): boolean {
    return now >= this.#ceremonyEnd
  }

  /** The deadline, or the alarm where that comes first, once after each change; a closed machine has none. */
  takeNewDeadline(alarm: number): number | undefined {
    const next = Math.min(this.#deadline, alarm)
    if (next === this.#announced) return undefined
    this.#announced = next
    return next
  }

  expects(event: Event): boolean {
    return this.#transitions[this.#state][event] !== undefined
  }

  /**
   * Follows the table. Staying in a state does not renew its deadline.
   * @throws ProtocolError `message-unexpected` for an event that the state does not list.
   */
  move(event: Event, now: number): void {
    const next = this.#transitions[this.#state][event]
    if (next === undefined)
      throw new ProtocolError('message-unexpected', `${event} came while ${this.#state}`)
    if (next === this.#state) return
    this.#state = next
    this.#deadline = next === 'closed' ? Infinity : Math.min(this.#ceremonyEnd, now + this.#stageMs())
  }

  #stageMs(): number {
    const stage = this.stage
    return stage === undefined ? Infinity : this.#timeouts[`${stage}Ms`]
  }
}
