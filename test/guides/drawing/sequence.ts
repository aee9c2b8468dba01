import { sizeOf } from './recordings.js'
import type { Recording, Said, Step } from './recordings.js'
import { arrow, heading, line, bytesText, shortened, text } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'

/** Who says something to whom. */
export type Lane = 'laptop' | 'service' | 'phone'

/** A message of a sequence. */
export interface Passage {
  /** ms since the first; undefined where nobody measured. */
  readonly atMs?: number
  readonly from: Lane
  readonly to: Lane
  readonly words: string
  readonly kind: Kind
  readonly dashed?: boolean
}

const LANES: Readonly<Record<Lane, readonly [x: number, kind: Kind, name: string]>> = {
  laptop: [150, 'laptop', 'laptop'],
  service: [460, 'service', 'tunnel service'],
  phone: [770, 'phone', 'phone'],
}
const WIDTH = 840
const TOP = 74
const ROW = 38

type Words = Pick<Picture, 'name' | 'title' | 'description'>

/** A picture of who says what, from top to bottom. */
export function sequencePicture(words: Words, lanes: readonly Lane[], passages: readonly Passage[]): Picture {
  const bottom = TOP + passages.length * ROW + 14
  const elements = [
    heading(words.title),
    ...lanes.flatMap(lane => laneElements(lane, bottom)),
    ...passages.flatMap((passage, index) => passageElements(passage, TOP + 30 + index * ROW)),
  ]
  return { ...words, width: WIDTH, height: bottom + 16, elements }
}

function laneElements(lane: Lane, bottom: number): readonly Element[] {
  const [x, kind, name] = LANES[lane]
  return [
    text(x, TOP - 12, name, { align: 'middle', look: 'head' }),
    line([x, TOP - 4], [x, bottom], kind, true),
  ]
}

function passageElements({ atMs, from, to, words, kind, dashed }: Passage, y: number): readonly Element[] {
  const [[start], [end]] = [LANES[from], LANES[to]]
  const time =
    atMs === undefined ? [] : [text(86, y + 4, `${Math.round(atMs)} ms`, { align: 'end', look: 'dim' })]
  return [
    ...time,
    ...arrow([start, y], [end, y], kind, dashed),
    text((start + end) / 2, y - 6, words, { align: 'middle', look: 'label' }),
  ]
}

const SEEN: Kind = 'secret'

/** All that a laptop and then a phone said to each other. @param isTimed whether the recording has times; they count from the phone’s start. */
export function passagesOf(
  { sessions, steps }: Recording,
  numbers: readonly number[],
  isTimed: boolean,
): Passage[] {
  const own = steps.filter(({ session }) => numbers.includes(session))
  const start = own.find(({ session }) => session === numbers.at(-1))?.now ?? 0
  return own.flatMap(step => {
    const lane = sessions[step.session - 1]?.role === 'client' ? 'laptop' : 'phone'
    const at = isTimed ? { atMs: step.now - start } : {}
    return stepPassages(step, lane).map(passage => ({ ...at, ...passage }))
  })
}

function stepPassages(step: Step, lane: 'laptop' | 'phone'): readonly Passage[] {
  const sent = step.outputs.filter(({ type }) => type === 'send')
  return [
    ...(step.input.type === 'tunnel-open' ? [openPassage(step.input, lane)] : []),
    ...step.outputs.flatMap(output => outputPassages(output, lane)),
    ...sent.map((output, index) => sentPassage(step, output, index, lane)),
  ]
}

function openPassage({ headers = [] }: Said, lane: Lane): Passage {
  const routing = headers.find(([name]) => name === 'x-cable-routing-id')?.[1][0]
  const words = routing === undefined ? '101' : `101, routing ID ${routing}`
  return { from: 'service', to: lane, words, kind: 'service' }
}

function outputPassages({ type, request, serviceData }: Said, lane: Lane): readonly Passage[] {
  if (type === 'dial')
    return [{ from: lane, to: 'service', words: `GET ${pathOf(request?.url ?? '')}`, kind: 'service' }]
  if (type !== 'advertise') return []
  const words = `advert, ${sizeOf(serviceData)} bytes, over Bluetooth`
  return [{ from: 'phone', to: 'laptop', words, kind: 'air', dashed: true }]
}

function pathOf(url: string): string {
  const parts = new URL(url).pathname.split('/')
  return parts.map(part => shortened(part)).join('/')
}

/** What a session sends after which input; a phone answers message 1 with several frames. */
const SENT: Readonly<Record<string, readonly string[]>> = {
  'laptop advert': ['handshake message 1'],
  'laptop tunnel-open': ['handshake message 1'],
  'laptop request': ['request'],
  'laptop close': ['goodbye'],
  'phone tunnel-message': ['handshake message 2', 'introduction', 'update with the link'],
  'phone answer': ['answer'],
}

function sentPassage({ input }: Step, { bytes }: Said, index: number, lane: 'laptop' | 'phone'): Passage {
  const what = SENT[`${lane} ${input.type}`]?.[index]
  if (what === undefined) throw new Error(`no name for what the ${lane} sends after ${input.type}`)
  const inside = input.message === undefined ? '' : ` of ${bytesText(sizeOf(input.message))}`
  const words = `${what}${inside}: ${sizeOf(bytes)} bytes`
  const isSealed = !what.startsWith('handshake')
  return { from: lane, to: lane === 'laptop' ? 'phone' : 'laptop', words, kind: isSealed ? lane : 'plain' }
}

/** The code that the camera of the phone reads. */
export function seenPassage(digits: number, atMs?: number): Passage {
  const at = atMs === undefined ? {} : { atMs }
  return { ...at, from: 'laptop', to: 'phone', words: `QR code, ${digits} digits`, kind: SEEN, dashed: true }
}
