import { qrSymbol } from '../../../src/adapters/qrcode/symbol.js'
import { decodeHex, encodeHex } from '../../../src/bytes/hex.js'
import { decodeCbor, encodeCbor } from '../../../src/cbor/cbor.js'
import type { CborValue } from '../../../src/cbor/value.js'
import { box, bytesText, heading, LINE, shortened, text } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'
import { workedExample } from './worked-example.js'

const MODULE = 5
const [LEFT, TOP] = [24, 56]

/** What each key of the map means, and whose it is. */
const MEANINGS: readonly (readonly [words: string, kind: Kind])[] = [
  ['public key of the laptop, for this code', 'laptop'],
  ['secret of this code', 'secret'],
  ['tunnel services that the laptop knows', 'service'],
  ['when it was made: seconds since 1970', 'plain'],
  ['whether the laptop keeps links', 'plain'],
  ['request: register', 'plain'],
]

/** What a QR code holds, down to the bytes and back up to its digits. */
export function qrCodePicture(): Picture {
  const { code } = workedExample()
  const symbol = symbolElements(code.url)
  const rows = rowsOf(code.cbor)
  const elements = [
    heading('What the QR code holds'),
    ...symbol,
    text(300, TOP + 10, `a CBOR map of ${rows.length} members, ${code.cbor.length / 2} bytes`, {
      look: 'dim',
    }),
    ...rows.flatMap((row, index) => rowElements(row, index)),
    ...digitElements(code.cbor, code.url),
  ]
  return {
    name: 'qr-code',
    title: 'What the QR code holds',
    description: `A QR code, and beside it the map in it: ${MEANINGS.map(([words]) => words).join('; ')}. Each seven bytes of the map are 17 digits of the code.`,
    width: 840,
    height: TOP + 344,
    elements,
  }
}

function symbolElements(url: string): readonly Element[] {
  const { size, modules } = qrSymbol(url)
  const edge = (size + 8) * MODULE
  const dark = Array.from(modules).flatMap((module, at) =>
    module === 1 ? [`M${at % size} ${Math.floor(at / size)}h1v1h-1z`] : [],
  )
  const place = `translate(${LEFT + 4 * MODULE} ${TOP + 4 * MODULE}) scale(${MODULE})`
  return [
    {
      svg: `<rect x="${LEFT}" y="${TOP}" width="${edge}" height="${edge}" fill="#ffffff"/>`,
      right: LEFT + edge,
    },
    { svg: `<path fill="#000000" shape-rendering="crispEdges" transform="${place}" d="${dark.join('')}"/>` },
  ]
}

interface Row {
  readonly key: number
  readonly shown: string
  readonly bytes: number
}

function rowsOf(cbor: string): readonly Row[] {
  const map = decodeCbor(decodeHex(cbor))
  if (!(map instanceof Map)) throw new Error('the code holds no map')
  return [...map].map(([key, value]) => ({
    key: Number(key),
    shown: shownValue(value as CborValue),
    bytes: encodeCbor(value as CborValue).length,
  }))
}

function shownValue(value: CborValue): string {
  return value instanceof Uint8Array ? shortened(encodeHex(value), 16) : JSON.stringify(value)
}

function rowElements({ key, shown, bytes }: Row, index: number): readonly Element[] {
  const y = TOP + 24 + index * 36
  const [words, kind] = MEANINGS[key] ?? ['unknown', 'plain']
  return [
    ...box(300, y, 34, 28, kind, String(key)),
    ...box(338, y, 152, 28, kind, shown),
    text(500, y + 12, words),
    text(500, y + 12 + LINE - 2, bytesText(bytes), { look: 'dim' }),
  ]
}

/** The first chunk of seven bytes and its digits. */
function digitElements(cbor: string, url: string): readonly Element[] {
  const y = TOP + 276
  const [bytes, digits] = [cbor.slice(0, 14), url.slice(6, 23)]
  return [
    ...box(LEFT, y, 130, 28, 'plain', bytes),
    text(LEFT + 144, y + 19, '→'),
    ...box(LEFT + 168, y, 160, 28, 'plain', digits),
    text(LEFT + 340, y + 19, '7 bytes, read from the right, are 17 digits'),
    text(LEFT, y + 50, `FIDO:/${digits}…: ${url.length - 6} digits in all`, { look: 'dim' }),
  ]
}
