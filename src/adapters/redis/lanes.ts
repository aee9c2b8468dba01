/** Runs up to so many tasks at a time, in the order of the calls, and none before the tick ends: their time limits begin then. */
export class Lanes {
  #free: number
  #waiting: (() => void)[] = []
  /** Of those waiting, whose turn it is next. */
  #next = 0

  constructor(count: number) {
    this.#free = count
  }

  /** @returns what the task gives. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    await Promise.resolve()
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  /** The lane goes to the next, or is free. */
  #leave(): void {
    const next = this.#waiting[this.#next++]
    if (next !== undefined) {
      next()
      return
    }
    this.#waiting = []
    this.#next = 0
    this.#free += 1
  }
}
