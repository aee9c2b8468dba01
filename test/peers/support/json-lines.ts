import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A program that takes and gives JSON, one value a line. */
export class JsonLines {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #lines: AsyncIterator<string>
  #complaints = ''

  constructor(command: string, args: readonly string[] = []) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints += text
    })
    // The end of stdout tells of both.
    this.#child.on('error', error => (this.#complaints += error.message))
    this.#child.stdin.on('error', () => undefined)
  }

  send(value: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`)
  }

  /** The next value. @throws what the program wrote to stderr when there is no more. */
  async next<Value>(): Promise<Value> {
    const line = await this.#lines.next()
    if (line.done === true) throw new Error(`the program ended: ${this.#complaints}`)
    return JSON.parse(line.value) as Value
  }

  /** Ends stdin, and waits for the program to end by itself. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return
    const ended = once(this.#child, 'exit')
    this.#child.stdin.end()
    await ended
  }
}
