/** Where something happened: the command under test, the peer that is played to it, or the runner. */
export type Place = 'command' | 'peer' | 'runner'

/** One thing that happened during a case. */
export interface Moment {
  /** Since the case began, ms. */
  readonly ms: number
  readonly place: Place
  readonly text: string
}

const MOMENTS_MAX = 200
const TEXT_MAX = 300

/** What happened during a case, in order and within bounds: the command under test may say a lot. */
export class Timeline {
  readonly #startedAt = performance.now()
  readonly #moments: Moment[] = []
  #left = 0

  note(place: Place, text: string): void {
    if (this.#moments.length >= MOMENTS_MAX) {
      this.#left += 1
      return
    }
    this.#moments.push({ ms: this.elapsedMs, place, text: cut(text) })
  }

  get elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt)
  }

  get moments(): readonly Moment[] {
    if (this.#left === 0) return this.#moments
    return [
      ...this.#moments,
      { ms: this.elapsedMs, place: 'runner', text: `${this.#left} more were not kept` },
    ]
  }
}

function cut(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)} … (${text.length} characters)` : text
}
