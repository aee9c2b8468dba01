import { wrapped } from './wrapped.js'

/** Letters. */
export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** What stands on a screen while a phone is to scan. */
export interface QrScreen {
  /** The code in half blocks, with a quiet zone of four modules. */
  readonly drawing: string
  /** The code as text, if it is to be read there. */
  readonly url?: string | undefined
  /** Rows that stay free below: for what is told meanwhile. */
  readonly freeRows: number
  /** Colours a line of the code. */
  readonly paint: (line: string) => string
}

const GAP = '  '
/** A column that is narrower than this is no place for words. */
const MIN_CAPTION_COLUMNS = 16
const CAPTION = 'Scan this code with the phone'
const WITH_TEXT = `${CAPTION}, or hand it over as text:`
const WITHOUT_TEXT = `${CAPTION}.`

/**
 * The lines of the first layout that fits, the best one first; undefined where none does. ISO/IEC 18004 wants a quiet zone of four
 * modules; two are what terminals get away with, and a whole code with two is better than one that scrolled away.
 */
export function qrScreen(screen: QrScreen, size: ScreenSize): readonly string[] | undefined {
  const code = screen.drawing.trimEnd().split('\n')
  const { url } = screen
  const texts = url === undefined ? [undefined] : [url, undefined]
  for (const text of texts)
    for (const lines of [code, withHalfTheQuietZone(code)]) {
      const layout = laidOut(lines, text, screen.paint, size)
      if (layout !== undefined && rowsOf(layout, size) + screen.freeRows <= size.rows) return layout.lines
    }
  return undefined
}

interface Layout {
  readonly lines: readonly string[]
  /** The last line, which the terminal breaks. */
  readonly text: string
}

function laidOut(
  code: readonly string[],
  text: string | undefined,
  paint: QrScreen['paint'],
  { columns }: ScreenSize,
): Layout | undefined {
  const width = code[0]?.length ?? 0
  if (width > columns) return undefined
  const beside = columns - width - GAP.length
  const hasRoom = beside >= MIN_CAPTION_COLUMNS
  const caption = wrapped(text === undefined ? WITHOUT_TEXT : WITH_TEXT, hasRoom ? beside : columns)
  const painted = code.map((line, row) => {
    const words = hasRoom ? caption[row] : undefined
    return paint(line) + (words === undefined ? '' : GAP + words)
  })
  const below = hasRoom ? [] : caption
  return { lines: [...painted, ...below, ...(text === undefined ? [] : [text])], text: text ?? '' }
}

function rowsOf({ lines, text }: Layout, { columns }: ScreenSize): number {
  return lines.length - 1 + Math.max(1, Math.ceil(text.length / columns))
}

/** A row of half blocks is two modules high. */
function withHalfTheQuietZone(code: readonly string[]): readonly string[] {
  return code.slice(1, -1).map(line => line.slice(2, -2))
}

/** What stands there where no layout fits. */
export function tooSmallScreen({ columns, rows }: ScreenSize, link: string | undefined): readonly string[] {
  return [
    `This window (${columns} x ${rows}) is too small for the QR code.`,
    'Make it larger, or open the code as a picture:',
    link ?? '(it is being drawn)',
  ]
}
