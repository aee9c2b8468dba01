/** Runs one task after the other, and lets only so many wait. Tasks do not reject. */
export class TaskQueue {
  readonly #waitingMax: number
  readonly #waiting: (() => Promise<void>)[] = []
  #isRunning = false
  #run: Promise<void> = Promise.resolve()

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /** @returns false, and forgets the task, when as many wait as may. */
  offer(task: () => Promise<void>): boolean {
    if (this.#isRunning && this.#waiting.length >= this.#waitingMax) return false
    this.#waiting.push(task)
    if (!this.#isRunning) this.#run = this.#runAll()
    return true
  }

  /** Forgets what waits; settles when what runs has ended. */
  async stop(): Promise<void> {
    this.#waiting.length = 0
    await this.#run
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) await task()
    this.#isRunning = false
  }
}
