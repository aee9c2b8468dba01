import type { LegId } from './relay-io.js'

/** How soon a line is looked at again that a client is being answered on. */
const AGAIN_MS = 250

/** The order in which lines are closed while the service retires or drains, so that not all phones dial another in the same moment. */
export class LeavingLines {
  // Each with the time of its turn, the next one first.
  readonly #turns = new Map<LegId, number>()
  readonly #postponed = new Map<LegId, number>()

  /** When the next line leaves; Infinity while none is to leave. */
  get deadline(): number {
    return Math.min(firstTurn(this.#turns), firstTurn(this.#postponed))
  }

  /** Lets these lines, and no others, leave one by one, the last within this time. */
  begin(lines: readonly LegId[], withinMs: number, now: number): void {
    this.#turns.clear()
    this.#postponed.clear()
    const everyMs = withinMs / lines.length
    for (const [index, line] of lines.entries()) this.#turns.set(line, now + index * everyMs)
  }

  /** Lets one more line leave, at a time after all turns that are given. */
  add(line: LegId, at: number): void {
    this.#turns.set(line, at)
  }

  /** The line has ended by itself. */
  forget(line: LegId): void {
    this.#turns.delete(line)
    this.#postponed.delete(line)
  }

  /** The lines whose turn has come. @param isBusy whether a line has to stay for a moment. */
  due(now: number, isBusy: (line: LegId) => boolean): readonly LegId[] {
    const due = [...takeDue(this.#turns, now), ...takeDue(this.#postponed, now)]
    const busy = due.filter(isBusy)
    for (const line of busy) this.#postponed.set(line, now + AGAIN_MS)
    return due.filter(line => !busy.includes(line))
  }
}

function firstTurn(turns: ReadonlyMap<LegId, number>): number {
  const [first = Infinity] = turns.values()
  return first
}

function takeDue(turns: Map<LegId, number>, now: number): readonly LegId[] {
  const due: LegId[] = []
  for (const [line, at] of turns) {
    if (at > now) break
    turns.delete(line)
    due.push(line)
  }
  return due
}
