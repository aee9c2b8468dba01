import pc from 'picocolors'
import type { Failure } from './failure.js'
import type { Surroundings, TextSink } from './surroundings.js'
import { harmlessJson, harmlessLines, oneLine } from './text/printable.js'

type Colors = ReturnType<typeof pc.createColors>

/** Where things are said: events for programs, notes and results for people. */
export class Output {
  /** Events go to stdout and nothing else does. */
  readonly json: boolean
  /** For text of `note`. */
  readonly colors: Colors
  readonly #stdout: TextSink
  readonly #stderr: TextSink

  constructor({ stdout, stderr, env }: Surroundings, json: boolean) {
    this.json = json
    this.#stdout = stdout
    this.#stderr = stderr
    this.colors = pc.createColors(stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '')
  }

  /** Whether notes are read from a screen. */
  get hasScreen(): boolean {
    return this.#stderr.isTTY === true
  }

  /** One line of JSON on stdout, if wanted. */
  event(event: object): void {
    if (this.json) this.line(harmlessJson(event))
  }

  /** One line on stdout, in both modes, as it is. */
  line(text: string): void {
    this.#stdout.write(`${text}\n`)
  }

  /** What people asked for: on stdout, unless events go there. */
  result(text: string): void {
    if (!this.json) this.line(harmlessLines(text))
  }

  /** What people may want to know while it happens: on stderr. */
  note(text: string): void {
    this.#stderr.write(`${harmlessLines(text)}\n`)
  }

  /** The end of a failed run. */
  failure({ event, stack }: Failure): void {
    const { bold, dim, red } = this.colors
    this.note(`${red(bold('error:'))} ${oneLine(event.message)} ${dim(`(${event.code})`)}`)
    if (event.cause !== undefined) this.note(`  ${dim('cause:')} ${oneLine(event.cause)}`)
    this.note(`  ${dim('cure:')}  ${oneLine(event.cure)}`)
    if (stack !== undefined) this.note(stack)
    this.event(event)
  }
}
