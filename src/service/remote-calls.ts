import type { TunnelId } from '../bytes/brands.js'
import { encodeHex } from '../bytes/hex.js'
import type { HolderAnswer } from '../ports/contact-directory.js'
import { firstDeadline } from './deadline.js'
import type { CallNumber, LegId, RelayOutput } from './relay-io.js'

interface RemoteCall {
  readonly call: CallNumber
  readonly line: LegId
  readonly deadline: number
}

/** The calls of other instances that wait for a phone’s answer on a line of this one, by tunnel. */
export class RemoteCalls {
  // In the order of deadlines: all wait equally long.
  readonly #calls = new Map<string, RemoteCall>()
  readonly #max: number
  readonly #waitMs: number

  constructor(max: number, waitMs: number) {
    this.#max = max
    this.#waitMs = waitMs
  }

  get isFull(): boolean {
    return this.#calls.size >= this.#max
  }

  /** Infinity without a call. */
  deadline(): number {
    return firstDeadline(this.#calls)
  }

  /** The phone is about to be told. */
  begin(tunnelId: TunnelId, call: CallNumber, line: LegId, now: number): void {
    this.#calls.set(encodeHex(tunnelId), { call, line, deadline: now + this.#waitMs })
  }

  /**
   * The same call again, after its phone was told: the newer call gets the answer. @returns undefined for a call that
   * does not wait.
   */
  repeat(tunnelId: TunnelId, call: CallNumber, line: LegId): readonly RelayOutput[] | undefined {
    const key = encodeHex(tunnelId)
    const before = this.#calls.get(key)
    if (before?.line !== line) return undefined
    this.#calls.set(key, { ...before, call })
    return [replying(before.call, 'silent')]
  }

  /** A phone must not answer the calls of another line. */
  answer(line: LegId, tunnelId: TunnelId, answer: HolderAnswer): readonly RelayOutput[] {
    const key = encodeHex(tunnelId)
    return this.#calls.get(key)?.line === line ? this.#end(key, answer) : []
  }

  isOn(line: LegId): boolean {
    return this.#on(line).length > 0
  }

  /** The line is closed. With `silent` no answer is given: the phone may be at another instance. */
  hangUp(line: LegId, answer: 'gone' | 'silent'): readonly RelayOutput[] {
    return this.#on(line).flatMap(key => this.#end(key, answer))
  }

  expire(now: number): readonly RelayOutput[] {
    const late = [...this.#calls].filter(([, { deadline }]) => deadline <= now)
    return late.flatMap(([key]) => this.#end(key, 'silent'))
  }

  #on(line: LegId): readonly string[] {
    return [...this.#calls].filter(([, call]) => call.line === line).map(([key]) => key)
  }

  #end(key: string, answer: HolderAnswer): readonly RelayOutput[] {
    const ended = this.#calls.get(key)
    this.#calls.delete(key)
    return ended === undefined ? [] : [replying(ended.call, answer)]
  }
}

export function replying(call: CallNumber, answer: HolderAnswer): RelayOutput {
  return { type: 'reply', call, answer }
}
