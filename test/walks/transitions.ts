import { Position } from '../../src/session/position.js'
import { AUTHENTICATOR_TRANSITIONS, CLIENT_TRANSITIONS } from '../../src/session/states.js'
import type { AroundStep } from './world.js'

const TABLES: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  client: CLIENT_TRANSITIONS,
  phone: AUTHENTICATOR_TRANSITIONS,
}

type Move = (this: Position<string, string, never>, event: string, now: number) => void

/** Counts how often each transition of the two tables was taken. */
export class TransitionCount {
  readonly counts: Map<string, number>
  #stepping: 'client' | 'phone' = 'client'

  constructor() {
    const all = Object.entries(TABLES).flatMap(([name, table]) =>
      Object.entries(table).flatMap(([state, row]) =>
        Object.keys(row).map(event => nameOf(name, state, event)),
      ),
    )
    this.counts = new Map(all.map(name => [name, 0]))
  }

  readonly around: AroundStep = (name, step) => {
    this.#stepping = name
    step()
  }

  get unvisited(): readonly string[] {
    return [...this.counts].filter(([, count]) => count === 0).map(([name]) => name)
  }

  /** Listens to every position; the result stops that. */
  listen(): () => void {
    const own = Object.getOwnPropertyDescriptor(Position.prototype, 'move') ?? {}
    const move = own.value as Move
    const note = (state: string, event: string): void => {
      const name = nameOf(this.#stepping, state, event)
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    }
    const listening: Move = function (event, now) {
      const { state } = this
      move.call(this, event, now)
      note(state, event)
    }
    Object.defineProperty(Position.prototype, 'move', { ...own, value: listening })
    return () => {
      Object.defineProperty(Position.prototype, 'move', own)
    }
  }
}

function nameOf(party: string, state: string, event: string): string {
  return `${party}: ${state}, ${event}`
}
