import { nodeCryptoProvider } from '../adapters/node-crypto/node-crypto.js'
import { deferred } from '../async/deferred.js'
import { encodeHex } from '../bytes/hex.js'
import { UsageError } from '../errors.js'
import type { HybridError } from '../errors.js'
import { portFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type { ContactDirectory } from '../ports/contact-directory.js'
import type { AddressGroups } from './address-groups.js'
import { DirectorySeat } from './directory-seat.js'
import type { DirectoryEvent } from './directory-seat.js'
import type { LegRequest } from './leg-request.js'
import { LegSocket } from './leg-socket.js'
import type { LegInput, Upgraded } from './leg-socket.js'
import type { RelayLimits } from './limits.js'
import { OutsideCalls } from './outside-calls.js'
import { Relay } from './relay.js'
import type {
  CallAnswer,
  CallRequest,
  LegId,
  RefusalStatus,
  RelayInput,
  RelayLoad,
  RelayOutput,
  TunnelEvent,
} from './relay-io.js'

/** The output that asks `onCall`. */
type AskOutside = Extract<RelayOutput, { type: 'ask-outside' }>

/**
 * A request that waits for the relay’s decision. At most one of `accept` and `refuse` is called: before `admit` returns
 * or, for a linked client, when its phone has answered.
 */
export interface Applicant {
  /** @returns undefined when it was lost on the way. */
  accept(): Upgraded | undefined
  refuse(status: RefusalStatus): void
  /** The request has to wait. @param gaveUp has to be called when the client hangs up meanwhile. */
  hold(gaveUp: () => void): void
}

/** Asks for a phone that is on no line of this service, by a push message for instance. */
export type CallPort = (request: CallRequest) => Promise<CallAnswer>

/** What happens to tunnels and phones, and to the ports that were asked for a phone. */
export type LegEvent =
  | TunnelEvent
  | DirectoryEvent
  /** `onCall` failed: the client is answered as if the phone were unknown. */
  | { readonly type: 'call-failed'; readonly error: HybridError }

const ANSWERS: readonly unknown[] = ['ringing', 'gone', 'busy', 'unknown'] satisfies CallAnswer[]

export interface LegsOptions {
  readonly limits: RelayLimits
  readonly clock: Clock
  readonly report: (event: LegEvent) => void
  readonly onCall?: CallPort | undefined
  readonly directory?: ContactDirectory | undefined
}

/** Carries inputs from sockets and the clock to the relay, and its outputs back. */
export class Legs {
  readonly #relay: Relay
  readonly #options: LegsOptions
  readonly #applicants = new Map<LegId, Applicant>()
  readonly #sockets = new Map<LegId, LegSocket>()
  readonly #inbox: RelayInput[] = []
  readonly #outside: OutsideCalls
  readonly #seat: DirectorySeat | undefined
  #stepping = false
  #whenIdle: () => void = () => undefined
  #endRetirement: () => void = () => undefined
  #lastLeg: LegId = 0
  #alarmAt: number | undefined
  #cancelAlarm: () => void = () => undefined

  constructor(options: LegsOptions) {
    this.#relay = new Relay(options.limits, nodeCryptoProvider)
    this.#options = options
    this.#outside = new OutsideCalls(options.limits)
    const { directory, clock, report } = options
    const step = (input: RelayInput): void => {
      this.#step(input)
    }
    this.#seat = directory && new DirectorySeat({ directory, clock, report, step })
  }

  /** Joins the directory, if there is one. Has to be called first. @throws HybridError of the directory. */
  async join(): Promise<void> {
    await this.#seat?.join()
  }

  /** Settles when nothing is left of the membership. */
  async leave(): Promise<void> {
    await this.#seat?.leave()
  }

  /** @param from the groups that the request counts in. */
  admit(request: LegRequest, from: AddressGroups, applicant: Applicant): void {
    const leg = ++this.#lastLeg
    this.#applicants.set(leg, applicant)
    // The caller does not use the request any more. A spread over its four kinds takes longer than the relay’s whole
    // work on it.
    this.#step(Object.assign(request, { leg, from }))
    if (!this.#applicants.has(leg)) return
    applicant.hold(() => {
      this.#applicants.delete(leg)
      this.#step({ type: 'gone', leg, clean: false })
    })
  }

  /** How busy the relay is. */
  load(): RelayLoad {
    return this.#relay.load()
  }

  /**
   * Goes on with everything, and sends phones away. Settles when the time for that is over, or a drain or shutdown begins.
   * @param isAwaited whether somebody has to notice it. If not, it is over as soon as no tunnel and no line is left.
   */
  retire(isAwaited: () => boolean): Promise<void> {
    const { clock, limits } = this.#options
    const over = deferred<undefined>()
    this.#endRetirement = () => over.resolve(undefined)
    const cancel = clock.setAlarm(clock.now() + limits.drainLinesMs, this.#endRetirement)
    this.#whenIdle = () => {
      if (!isAwaited()) this.#endRetirement()
    }
    this.#seat?.moving()
    this.#step({ type: 'retire', linesWithinMs: limits.drainLinesMs })
    return over.promise.then(cancel)
  }

  /** Begins nothing new. Settles when no tunnel and no line is left; after `limitMs` all are closed with code 1001. */
  drain(limitMs: number): Promise<void> {
    this.#endRetirement()
    const { clock, limits } = this.#options
    const cancel = clock.setAlarm(clock.now() + limitMs, () => {
      this.shutdown()
    })
    const drained = new Promise<void>(resolve => {
      this.#whenIdle = () => {
        cancel()
        resolve()
      }
    })
    this.#seat?.moving()
    this.#step({ type: 'drain', linesWithinMs: Math.min(limits.drainLinesMs, limitMs) })
    return drained
  }

  /** Closes every tunnel with code 1001. */
  shutdown(): void {
    this.#endRetirement()
    this.#step({ type: 'shutdown' })
  }

  /** Takes one input after the other: an input that comes while outputs are performed waits for its turn. */
  #step(input: RelayInput): void {
    if (this.#stepping) {
      this.#inbox.push(input)
      return
    }
    this.#stepping = true
    for (let next: RelayInput | undefined = input; next !== undefined; next = this.#inbox.shift()) {
      for (const output of this.#relay.step(next, this.#options.clock.now())) this.#perform(output)
    }
    this.#stepping = false
    const at = this.#relay.deadline()
    this.#setAlarm(at)
    // Every tunnel and every line has a deadline.
    if (at === undefined) this.#whenIdle()
  }

  #perform(output: RelayOutput): void {
    switch (output.type) {
      case 'accept':
        this.#accept(output.leg)
        return
      case 'refuse':
        this.#takeApplicant(output.leg)?.refuse(output.status)
        return
      case 'ask-outside':
        this.#askOutside(output)
        return
      case 'send':
        this.#sockets.get(output.leg)?.send(output.bytes)
        return
      case 'close':
        this.#sockets.get(output.leg)?.close(output.code, output.reason)
        return
      case 'cut':
        this.#sockets.get(output.leg)?.cut()
        return
      case 'report':
        this.#options.report(output.event)
        return
      case 'ask-directory':
      case 'reply':
      case 'lines':
        this.#seat?.perform(output)
    }
  }

  #accept(leg: LegId): void {
    const upgraded = this.#takeApplicant(leg)?.accept()
    if (upgraded === undefined) {
      this.#step({ type: 'gone', leg, clean: false })
      return
    }
    this.#sockets.set(leg, new LegSocket(leg, upgraded, this.#hear))
  }

  #takeApplicant(leg: LegId): Applicant | undefined {
    const applicant = this.#applicants.get(leg)
    this.#applicants.delete(leg)
    return applicant
  }

  #askOutside({ leg, request, from }: AskOutside): void {
    const { onCall, clock } = this.#options
    if (onCall === undefined) {
      this.#step({ type: 'answered', leg, answer: 'unknown' })
      return
    }
    const contact = encodeHex(request.contactId)
    const known = this.#outside.answerFor(contact, from, clock.now())
    if (known !== undefined) this.#step({ type: 'answered', leg, answer: known })
    else void this.#ask(onCall, leg, request)
  }

  async #ask(onCall: CallPort, leg: LegId, request: CallRequest): Promise<void> {
    const answer = await this.#answerOf(onCall, request)
    if (answer === 'unknown') this.#outside.remember(encodeHex(request.contactId), this.#options.clock.now())
    this.#step({ type: 'answered', leg, answer: answer ?? 'unknown' })
  }

  /** @returns undefined when `onCall` failed. */
  async #answerOf(onCall: CallPort, request: CallRequest): Promise<CallAnswer | undefined> {
    try {
      return await askOutside(onCall, request)
    } catch (cause) {
      this.#options.report({ type: 'call-failed', error: portFailed('onCall', cause) })
      return undefined
    }
  }

  /**
   * An alarm that comes too early wakes the relay for nothing. That is cheaper than to set the alarm anew for every
   * tunnel that ends.
   */
  #setAlarm(at: number | undefined): void {
    const { clock } = this.#options
    if (at === this.#alarmAt || (at !== undefined && (this.#alarmAt ?? Infinity) <= at)) return
    this.#cancelAlarm()
    this.#alarmAt = at
    this.#cancelAlarm = at === undefined ? () => undefined : clock.setAlarm(at, this.#wake)
  }

  readonly #hear = (input: LegInput): void => {
    if (input.type === 'gone') this.#sockets.delete(input.leg)
    this.#step(input)
  }

  readonly #wake = (): void => {
    this.#alarmAt = undefined
    this.#step({ type: 'alarm' })
  }
}

async function askOutside(onCall: CallPort, request: CallRequest): Promise<CallAnswer> {
  const answer = await onCall(request)
  if (ANSWERS.includes(answer)) return answer
  throw new UsageError('argument-invalid', `onCall must return ringing, gone, busy or unknown, not ${answer}`)
}
