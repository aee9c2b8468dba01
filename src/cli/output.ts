import type { Failure } from './failure.js'
import { NoteScreen } from './note-screen.js'
import type { Surroundings, TextSink } from './surroundings.js'
import { createColors } from './text/colors.js'
import type { Colors } from './text/colors.js'
import { ownName } from './text/own-name.js'
import { harmlessJson, harmlessLines, oneLine } from './text/printable.js'

/** The outputs of a command: events for programs, notes and results for people. */
export class Output {
  /** Events go to stdout and nothing else does. */
  readonly json: boolean
  /** For text of `note`. */
  readonly colors: Colors
  /** Where notes go. */
  readonly screen: NoteScreen
  /** What starts this command, in what people are told to type. */
  readonly ownName: string
  readonly #stdout: TextSink

  constructor({ stdout, stderr, env }: Surroundings, json: boolean) {
    this.json = json
    this.#stdout = stdout
    this.screen = new NoteScreen(stderr)
    this.ownName = ownName(env)
    this.colors = createColors(stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '')
  }

  /** Whether events are seen on the screen that notes go to. */
  get sharesScreen(): boolean {
    return this.json && this.#stdout.isTTY === true && this.screen.isTerminal
  }

  /** One line of JSON on stdout, if wanted. */
  event(event: object): void {
    if (this.json) this.line(harmlessJson(event))
  }

  /** One line on stdout, in both modes, as it is. */
  line(text: string): void {
    const write = (): void => void this.#stdout.write(`${text}\n`)
    if (this.#stdout.isTTY === true) this.screen.aside(write)
    else write()
  }

  /** A result for people: on stdout, unless events go there. */
  result(text: string): void {
    if (!this.json) this.line(harmlessLines(text))
  }

  /** A note for people while something happens: on stderr. */
  note(text: string): void {
    this.screen.say(harmlessLines(text))
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
