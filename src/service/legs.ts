import type { RawData, WebSocket } from 'ws'
import type { RoutingId, TunnelId } from '../bytes/brands.js'
import type { Clock } from '../ports/clock.js'
import type { RelayLimits } from './limits.js'
import { Relay } from './relay.js'
import type { LegId, RefusalStatus, RelayInput, RelayOutput, TunnelEvent } from './relay.js'

/** What a socket asks for. */
export type LegRequest = { readonly routingId: RoutingId; readonly tunnelId: TunnelId } & {
  readonly type: 'new' | 'connect'
}

/** A request that waits for the relay’s word; exactly one of the two is called, before `admit` returns. */
export interface Applicant {
  /** @returns the socket, or undefined when it was lost on the way. */
  accept(): WebSocket | undefined
  refuse(status: RefusalStatus): void
}

/** Carries inputs from sockets and the clock to the relay, and its outputs back. */
export class Legs {
  readonly #relay: Relay
  readonly #clock: Clock
  readonly #report: (event: TunnelEvent) => void
  readonly #applicants = new Map<LegId, Applicant>()
  readonly #sockets = new Map<LegId, WebSocket>()
  readonly #inbox: RelayInput[] = []
  #stepping = false
  #lastLeg: LegId = 0
  #alarmAt: number | undefined
  #cancelAlarm: () => void = () => undefined

  constructor(limits: RelayLimits, clock: Clock, report: (event: TunnelEvent) => void) {
    this.#relay = new Relay(limits)
    this.#clock = clock
    this.#report = report
  }

  admit(request: LegRequest, applicant: Applicant): void {
    const leg = ++this.#lastLeg
    this.#applicants.set(leg, applicant)
    this.#step({ ...request, leg })
    this.#applicants.delete(leg)
  }

  /** Closes every tunnel with code 1001. */
  shutdown(): void {
    this.#step({ type: 'shutdown' })
  }

  /** One input after the other: what happens while outputs are performed waits its turn. */
  #step(input: RelayInput): void {
    this.#inbox.push(input)
    if (this.#stepping) return
    this.#stepping = true
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      for (const output of this.#relay.step(next, this.#clock.now())) this.#perform(output)
    }
    this.#stepping = false
    this.#setAlarm(this.#relay.deadline())
  }

  #perform(output: RelayOutput): void {
    switch (output.type) {
      case 'accept':
        this.#accept(output.leg)
        return
      case 'refuse':
        this.#applicants.get(output.leg)?.refuse(output.status)
        return
      case 'send':
        this.#send(output.leg, output.bytes)
        return
      case 'close':
        this.#sockets.get(output.leg)?.close(output.code, output.reason)
        return
      case 'report':
        this.#report(output.event)
    }
  }

  #accept(leg: LegId): void {
    const socket = this.#applicants.get(leg)?.accept()
    if (socket === undefined) {
      this.#step({ type: 'gone', leg, clean: false })
      return
    }
    this.#sockets.set(leg, socket)
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#step({ type: 'message', leg, bytes: bytesOf(data) })
      else this.#step({ type: 'unacceptable', leg, fault: 'not-binary' })
    })
    // The socket closes itself on an error; `close` follows and tells the relay of all but this one.
    socket.on('error', error => {
      if (isTooLong(error)) this.#step({ type: 'unacceptable', leg, fault: 'too-long' })
    })
    socket.on('close', code => {
      this.#sockets.delete(leg)
      this.#step({ type: 'gone', leg, clean: code !== NO_CLOSE_FRAME })
    })
  }

  #send(leg: LegId, bytes: Uint8Array): void {
    this.#sockets.get(leg)?.send(bytes, { binary: true }, () => {
      this.#step({ type: 'flushed', leg, byteLength: bytes.length })
    })
  }

  #setAlarm(at: number | undefined): void {
    if (at === this.#alarmAt) return
    this.#cancelAlarm()
    this.#alarmAt = at
    this.#cancelAlarm = at === undefined ? () => undefined : this.#clock.setAlarm(at, this.#wake)
  }

  readonly #wake = (): void => {
    this.#alarmAt = undefined
    this.#step({ type: 'alarm' })
  }
}

/** RFC 6455 section 7.4.1: the connection ended without a close frame. */
const NO_CLOSE_FRAME = 1006

const isTooLong = (error: Error): boolean =>
  'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
