import { Writable } from 'node:stream'
import xterm from '@xterm/headless'
import { readTerminalQrs } from './terminal-qr.js'

/** What a real terminal has around a code: a screen that is dark. */
const DARK_COLUMNS = ' '.repeat(4)
/** Rows that have scrolled away and still count. */
const SCROLLBACK = 10_000
const CODE_LINE = /^[ █▀▄]*█/
const CODE_MIN_COLUMNS = 20

/** A terminal of some size, to write to like a program and to look at like a person. */
export class TestTerminal extends Writable {
  readonly isTTY = true
  readonly #terminal: xterm.Terminal

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false })
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK,
      convertEol: true,
      allowProposedApi: true,
    })
  }

  get columns(): number {
    return this.#terminal.cols
  }

  get rows(): number {
    return this.#terminal.rows
  }

  override _write(chunk: string | Buffer, _: BufferEncoding, done: () => void): void {
    this.#terminal.write(chunk, done)
  }

  /** As when a person drags the window’s edge. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows)
    this.emit('resize')
  }

  /** What is on the screen now, without what has scrolled away. */
  async screen(): Promise<readonly string[]> {
    await new Promise<void>(resolve => {
      this.#terminal.write('', resolve)
    })
    const { active } = this.#terminal.buffer
    const rows = Array.from({ length: this.rows }, (_, row) => active.getLine(active.baseY + row))
    return rows.map(line => line?.translateToString(true) ?? '')
  }

  /** The screen at one moment, and the row in it where the cursor is: which of all rows it is, and its text. */
  async withCursor(): Promise<{
    readonly screen: readonly string[]
    readonly row: number
    readonly text: string
  }> {
    const screen = await this.screen()
    const { baseY, cursorY } = this.#terminal.buffer.active
    return { screen, row: baseY + cursorY, text: screen[cursorY] ?? '' }
  }

  /** Waits until the screen is as wanted. */
  async until(isWanted: (screen: string) => boolean): Promise<readonly string[]> {
    for (;;) {
      const screen = await this.screen()
      if (isWanted(screen.join('\n'))) return screen
      await new Promise(resolve => setImmediate(resolve))
    }
  }
}

/** The rows of a QR code on a screen. */
export function codeRowsOn(screen: readonly string[]): readonly string[] {
  return screen.map(line => CODE_LINE.exec(line)?.[0] ?? '').filter(({ length }) => length > CODE_MIN_COLUMNS)
}

/** What a phone reads off a screen. */
export function readFromScreen(screen: readonly string[]): readonly string[] {
  const rows = codeRowsOn(screen).map(row => DARK_COLUMNS + row + DARK_COLUMNS)
  const dark = ' '.repeat(rows[0]?.length ?? 0)
  return readTerminalQrs([dark, dark, ...rows, dark, dark].join('\n'))
}
