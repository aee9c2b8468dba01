import assert from 'node:assert/strict'
import { HybridError, UsageError } from '../../src/errors.js'
import type { SealedTraffic } from '../../src/handshake/sealed-traffic.js'
import type { Transitions } from '../../src/session/states.js'
import type { WatchedSecrets } from '../support/watched-secrets.js'

/** What a tunnel, or a data channel, has under way to a party. */
export type Parcel =
  | { readonly type: 'tunnel-message'; readonly bytes: Uint8Array }
  | { readonly type: 'tunnel-closed'; readonly code: number }
  | { readonly type: 'channel-message'; readonly channel: number; readonly bytes: Uint8Array }
  | { readonly type: 'channel-closed'; readonly channel: number }

/** How a session ended. */
interface End {
  readonly error: HybridError | undefined
}

const RADIO_ON = ['start-ble-scan', 'advertise']
const RADIO_OFF = ['stop-ble-scan', 'stop-advertising', 'closed']
const EARS_ON = ['listen']
const EARS_OFF = ['stop-listening', 'closed']

/** What is looked at in the outputs of either machine. */
interface AnyOutput {
  readonly type: string
  readonly at?: number | undefined
  readonly error?: HybridError | undefined
}

interface AnyMachine<Input, Output, State> {
  readonly state: State
  step(input: Input, now: number): readonly Output[]
}

/** What a party is made of. */
export interface PartyOptions<Input, Output, State extends string> {
  readonly name: 'client' | 'phone'
  readonly machine: AnyMachine<Input, Output, State>
  readonly secrets: WatchedSecrets
  readonly transitions: Transitions<State, string>
  /** Where nobody but its caller can move it; everywhere else a deadline must. */
  readonly caller: readonly State[]
}

/** A machine, what its driver would hold for it, and what must be true of it at any time. */
export class Party<Input = never, Output extends AnyOutput = AnyOutput, State extends string = string> {
  readonly name: 'client' | 'phone'
  readonly secrets: WatchedSecrets
  /** What the tunnel has for it, oldest first. */
  readonly inbox: Parcel[] = []
  tunnel: 'none' | 'dialling' | 'open' | 'over' = 'none'
  /** Whether it scans or advertises. */
  radio: boolean = false
  /** Whether it listens for data channels, or is about to. */
  ears: boolean = false
  /** Its data channels, by their numbers, until they are over for it. */
  readonly channels: Map<number, 'dialling' | 'open'> = new Map<number, 'dialling' | 'open'>()
  deadline: number = Infinity
  end: End | undefined
  /** Its half of the sealed traffic, to say what its machine would not. */
  traffic: SealedTraffic | undefined
  readonly #options: PartyOptions<Input, Output, State>

  constructor(options: PartyOptions<Input, Output, State>) {
    this.#options = options
    this.name = options.name
    this.secrets = options.secrets
  }

  get state(): State {
    return this.#options.machine.state
  }

  /** Whether nobody but its caller can move it. */
  get waitsForCaller(): boolean {
    return this.#options.caller.includes(this.state)
  }

  /** Whether the oldest parcel can arrive. */
  get hasMail(): boolean {
    const [parcel] = this.inbox
    if (parcel === undefined) return false
    return 'channel' in parcel ? this.channels.get(parcel.channel) === 'open' : this.tunnel === 'open'
  }

  /** Whether anything carries messages to it. */
  get isMet(): boolean {
    return this.tunnel === 'open' || this.channels.size > 0
  }

  /** One step; the caller may not misuse the session. */
  step(input: Input, now: number): readonly Output[] {
    const wasOver = this.end !== undefined
    const before = this.state
    const outputs = this.#options.machine.step(input, now)
    if (wasOver) assert.deepEqual(outputs, [], `${this.name}: no output after closed`)
    this.#checkMove(before)
    this.#note(outputs)
    if (this.end === undefined && !this.waitsForCaller)
      assert.ok(this.deadline < Infinity, `${this.name}: no deadline while ${this.state}`)
    return outputs
  }

  /** A step that the session may not allow now; the result is undefined then. */
  attempt(input: Input, now: number): readonly Output[] | undefined {
    const before = this.state
    try {
      return this.step(input, now)
    } catch (error) {
      if (!(error instanceof UsageError) || error.code !== 'session-misused') throw error
      assert.equal(this.state, before, `${this.name}: misuse moves nothing`)
      return undefined
    }
  }

  /** What the session does not allow now: it says so, and stays as it is. */
  misuse(input: Input, now: number): void {
    assert.equal(this.attempt(input, now), undefined, `${this.name}: allowed while ${this.state}`)
  }

  /** What must be left of it once it is over: nothing. */
  checkRemains(): void {
    assert.ok(this.end, `${this.name} is not over, but ${this.state}`)
    assert.equal(this.state, 'closed')
    assert.equal(this.deadline, Infinity, `${this.name}: a deadline is left`)
    assert.equal(this.radio, false, `${this.name}: the radio is left on`)
    assert.equal(this.ears, false, `${this.name}: it still listens`)
    assert.equal(this.channels.size, 0, `${this.name}: a data channel is left`)
    assert.deepEqual(this.secrets.living(), [], `${this.name}: keys are left`)
    assert.equal(this.secrets.unwiped(), 0, `${this.name}: secrets are left`)
  }

  #checkMove(before: State): void {
    const after = this.state
    if (after === before) return
    const next: readonly unknown[] = Object.values(this.#options.transitions[before])
    assert.ok(next.includes(after), `${this.name}: no way from ${before} to ${after}`)
  }

  #note(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (RADIO_ON.includes(output.type)) this.radio = true
      if (RADIO_OFF.includes(output.type)) this.radio = false
      if (EARS_ON.includes(output.type)) this.ears = true
      if (EARS_OFF.includes(output.type)) this.ears = false
      if (output.type === 'deadline') this.deadline = output.at ?? NaN
      else assert.equal(this.end, undefined, `${this.name}: ${output.type} after closed`)
      if (output.type !== 'closed') continue
      const { error } = output
      assert.ok(error === undefined || error instanceof HybridError, `${this.name}: an error of its own kind`)
      this.end = { error }
    }
  }
}
