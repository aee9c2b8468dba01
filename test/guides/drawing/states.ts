import { arrow, box, heading, text } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

const [WIDE, HIGH, DOWN] = [230, 44, 92]
const WIDTH = 840

/** The states of a machine from its table, from the first to the last; `stop`, which all have, is left out. */
export function statesPicture(
  words: Pick<Picture, 'name' | 'title' | 'description'>,
  table: Table,
  kind: Kind,
): Picture {
  const places = placesOf(table)
  const rows = Math.max(...[...places.values()].map(({ y }) => y))
  const elements = [
    heading(words.title),
    ...Object.keys(table).flatMap(state => edgeElements(state, table, places, kind)),
    ...Object.entries(table).flatMap(([state, row]) => stateElements(state, row, places, kind)),
  ]
  return { ...words, width: WIDTH, height: rows + HIGH + 24, elements }
}

interface Place {
  readonly x: number
  readonly y: number
}

const eventsOf = (row: Readonly<Record<string, string>>): readonly (readonly [event: string, to: string])[] =>
  Object.entries(row).filter(([event]) => event !== 'stop')

/** A state stands a row below the last one that leads to it. */
function placesOf(table: Table): ReadonlyMap<string, Place> {
  const depths = new Map<string, number>([['idle', 0]])
  for (const [state, row] of Object.entries(table))
    for (const [, to] of eventsOf(row))
      if (to !== state && to !== 'closed' && !isBack(to, state, table))
        depths.set(to, Math.max(depths.get(to) ?? 0, (depths.get(state) ?? 0) + 1))
  const last = Math.max(...depths.values()) + 1
  depths.set('closed', last)
  return new Map([...depths].map(([state, depth]) => [state, placeIn(state, depth, depths)]))
}

/** Tables are in the order of a transaction. */
function isBack(to: string, from: string, table: Table): boolean {
  const order = Object.keys(table)
  return order.indexOf(to) < order.indexOf(from)
}

function placeIn(state: string, depth: number, depths: ReadonlyMap<string, number>): Place {
  const beside = [...depths].filter(([, other]) => other === depth).map(([name]) => name)
  const gap = WIDTH / beside.length
  const x = gap * (beside.indexOf(state) + 0.5) - WIDE / 2
  return { x: Math.round(x), y: 56 + depth * DOWN }
}

type Row = Readonly<Record<string, string>>
type Places = ReadonlyMap<string, Place>

function stateElements(state: string, row: Row, places: Places, kind: Kind): readonly Element[] {
  const place = placeOf(state, places)
  const stays = eventsOf(row).filter(([, to]) => to === state)
  const closes = eventsOf(row).filter(([, to]) => isFar(place, placeOf(to, places)))
  const notes = [...stays.map(([event]) => `↻ ${event}`), ...closes.map(([event]) => `✕ ${event}`)].join(' ')
  const ends = state === 'closed' || state === 'idle'
  return box(place.x, place.y, WIDE, HIGH, ends ? 'plain' : kind, state, ...(notes === '' ? [] : [notes]))
}

function placeOf(state: string, places: Places): Place {
  const place = places.get(state)
  if (place === undefined) throw new Error(`no place for ${state}`)
  return place
}

/** A line there would cross other states. Only the way to `closed` is that long. */
function isFar(from: Place, to: Place): boolean {
  return to.y - from.y > DOWN
}

function edgeElements(state: string, table: Table, places: Places, kind: Kind): readonly Element[] {
  const from = placeOf(state, places)
  const moves = eventsOf(table[state] ?? {}).map(([event, to]) => ({ event, to: placeOf(to, places) }))
  return moves
    .filter(({ to }) => to !== from && !isFar(from, to))
    .flatMap(({ event, to }) => edge(event, from, to, kind))
}

function edge(event: string, from: Place, to: Place, kind: Kind): readonly Element[] {
  const isUp = to.y < from.y
  const side = isUp ? WIDE - 20 : WIDE / 2
  const start = [from.x + side, isUp ? from.y : from.y + HIGH] as const
  const end = [to.x + side, isUp ? to.y + HIGH : to.y] as const
  const [x, y] = between(start, end, isUp ? 0.3 : 0.55)
  return [...arrow(start, end, kind, isUp), text(x, y + 4, event, { align: 'middle', look: 'label' })]
}

function between(
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  part: number,
): [number, number] {
  return [Math.round(fromX + (toX - fromX) * part), Math.round(fromY + (toY - fromY) * part)]
}
