import type { Kind } from './palette.js'
import { arrow, box, heading, text, widthOf } from './svg.js'
import type { Element, Picture } from './svg.js'

type Row = Readonly<Record<string, string>>
type Table = Readonly<Record<string, Row>>

const WIDE = 258
const [LEFT, EVENT, RIGHT] = [16, 290, 566]
const [TOP, HIGH, GAP] = [48, 30, 10]

/** The states of a machine in the order of its table, and where each event leads. `stop`, which all have, is left out. */
export function statesPicture(
  words: Pick<Picture, 'name' | 'title' | 'description'>,
  table: Table,
  kind: Kind,
): Picture {
  let y = TOP
  const elements = Object.entries(table).flatMap(([state, row]) => {
    const from = y
    const events = Object.entries(row).filter(([event]) => event !== 'stop')
    y += Math.max(1, events.length) * HIGH + GAP
    return [
      ...box(LEFT, from, WIDE, Math.max(1, events.length) * HIGH - 4, kindOf(state, kind), state),
      ...events.flatMap(([event, to], index) => eventElements(event, state, to, from + index * HIGH, kind)),
    ]
  })
  return { ...words, width: 840, height: y + 8, elements: [heading(words.title), ...elements] }
}

function kindOf(state: string, kind: Kind): Kind {
  return state === 'idle' || state === 'closed' ? 'plain' : kind
}

function eventElements(event: string, from: string, to: string, y: number, kind: Kind): readonly Element[] {
  const middle = y + HIGH / 2 - 2
  const label = text(EVENT, middle + 5, event)
  if (to === from) return [label, text(RIGHT, middle + 5, '↻ stays', { look: 'dim' })]
  const start = EVENT + Math.ceil(widthOf(event)) + 6
  return [
    label,
    ...arrow([start, middle], [RIGHT, middle], kind),
    ...box(RIGHT, y, WIDE, HIGH - 4, kindOf(to, kind), to),
  ]
}
