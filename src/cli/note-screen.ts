import type { TextSink } from './surroundings.js'
import type { ScreenSize } from './text/qr-screen.js'

/** The size of a terminal that does not tell it. */
const USUAL: ScreenSize = { columns: 80, rows: 24 }

const ESCAPE = '\u001B['
const CLEAR = `${ESCAPE}2J${ESCAPE}H`
const CLEAR_ROW = `\r${ESCAPE}2K`
/** Text that is too long ends at the edge, however wide its letters are, instead of going on below. */
const WITHOUT_WRAP = [`${ESCAPE}?7l`, `${ESCAPE}?7h`] as const

/** Draws lines for a screen of this size. */
export type Draw = (size: ScreenSize) => readonly string[]

/** Where notes go. On a terminal a drawing can stay in place: notes then replace each other in the row below it. */
export class NoteScreen {
  readonly #sink: TextSink
  #drawing: Draw | undefined
  #status = ''

  constructor(sink: TextSink) {
    this.#sink = sink
  }

  get isTerminal(): boolean {
    return this.#sink.isTTY === true
  }

  /** Writes it in lines of its own, or in the row below a drawing. */
  say(text: string): void {
    if (this.#drawing === undefined) {
      this.#sink.write(`${text}\n`)
      return
    }
    this.#status = text.replaceAll('\n', ' ').trimEnd()
    this.#sink.write(CLEAR_ROW + this.#statusRow())
  }

  /** Draws, and again at each change of size, until `release`. */
  hold(draw: Draw): void {
    this.release()
    this.#drawing = draw
    this.#sink.write(this.#drawn(draw))
    this.#sink.on('resize', this.redraw)
  }

  /** Draws anew on a cleared screen. */
  readonly redraw = (): void => {
    if (this.#drawing !== undefined) this.#sink.write(CLEAR + this.#drawn(this.#drawing))
  }

  /** Lets other code write lines to this terminal. */
  aside(write: () => void): void {
    if (this.#drawing !== undefined) this.#sink.write(CLEAR_ROW)
    write()
    if (this.#drawing !== undefined) this.#sink.write(this.#statusRow())
  }

  /** Ends the drawing. */
  release(): void {
    if (this.#drawing === undefined) return
    this.#drawing = undefined
    this.#sink.off('resize', this.redraw)
    if (this.#status !== '') this.#sink.write('\n')
    this.#status = ''
  }

  #drawn(draw: Draw): string {
    const { columns = 0, rows = 0 } = this.#sink
    const size = columns > 0 && rows > 0 ? { columns, rows } : USUAL
    return `${draw(size).join('\n')}\n${this.#statusRow()}`
  }

  #statusRow(): string {
    return WITHOUT_WRAP.join(this.#status)
  }
}
