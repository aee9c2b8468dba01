import type { Frame } from '../profiling/cpu-profile.js'
import { COLOUR_COUNT, element, escapeText, label, MARGIN, picture, TOP, WIDTH } from './svg.js'
import type { Caption } from './svg.js'

const [ROW, LETTER] = [18, 6.6]
const FULL = WIDTH - 2 * MARGIN
/** Frames narrower than this many pixels are left out. */
const NARROWEST = 0.6

/** A call tree, callers above: as wide as the time in it, callees included. */
export function flameGraph(caption: Caption, tree: Frame): string {
  const drawn: string[] = []
  let deepest = 0
  const draw = (frame: Frame, x: number, depth: number): void => {
    const width = (FULL * frame.total) / tree.total
    if (width < NARROWEST) return
    deepest = Math.max(deepest, depth)
    const y = TOP + depth * ROW
    const share = `${((100 * frame.total) / tree.total).toFixed(1)} %`
    const rect = { x, y, width: Math.max(0.4, width - 0.6), height: ROW - 1, class: colour(frame.name) }
    drawn.push(element('rect', rect, element('title', {}, escapeText(`${frame.name}: ${share}`))))
    const letters = Math.floor((width - 6) / LETTER)
    if (letters > 3) drawn.push(label(x + 3, y + 13, frame.name.slice(0, letters), 'start', 'on small'))
    let left = x
    for (const child of frame.children) {
      draw(child, left, depth + 1)
      left += (FULL * child.total) / tree.total
    }
  }
  draw(tree, MARGIN, 0)
  return picture(caption, TOP + (deepest + 1) * ROW + MARGIN, drawn)
}

/** The same function has the same colour everywhere. */
function colour(name: string): string {
  let hash = 0
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return `c${hash % COLOUR_COUNT}`
}
