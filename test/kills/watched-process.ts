import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** One line of JSON from the program. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string }

/** A running `fido-hybrid … --json` that tells each of its lines as it comes. */
export class WatchedProcess {
  readonly lines: Line[] = []
  /** Settles when it is gone and all that it wrote has been read. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #onLine: (line: Line) => void
  #rest = ''
  #notes = ''

  constructor(cli: string, args: readonly string[], onLine: (line: Line) => void) {
    this.#onLine = onLine
    this.#child = spawn(process.execPath, [cli, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#notes += text))
    this.ended = once(this.#child, 'close').then(() => undefined)
  }

  /** What it wrote for people. */
  get notes(): string {
    return this.#notes
  }

  has(event: string): boolean {
    return this.lines.some(line => line.event === event)
  }

  /** @returns false for one that has ended already. */
  kill(): boolean {
    return this.#child.kill('SIGKILL')
  }

  interrupt(): void {
    this.#child.kill('SIGINT')
  }

  // A line that a kill cut short is none.
  #read(text: string): void {
    const [first = '', ...more] = `${this.#rest}${text}`.split('\n')
    const lines = [first, ...more]
    this.#rest = lines.pop() ?? ''
    for (const each of lines) {
      const line = JSON.parse(each) as Line
      this.lines.push(line)
      this.#onLine(line)
    }
  }
}
