/** Runs tasks in the order of the calls, each after the end of the one before. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve()
  #size = 0

  /** How many tasks run or wait. */
  get size(): number {
    return this.#size
  }

  /** @returns what the task gives; a task that fails does not stop those behind it. */
  run<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    const ended = (): void => {
      this.#size--
    }
    this.#size++
    const result = this.#last.then(task)
    this.#last = result.then(ended, ended)
    return result
  }

  /** Settles when every task so far has ended; never rejects. */
  async idle(): Promise<void> {
    await this.#last
  }
}
