import { box, heading, line, text, widthOf } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'
import { bytesIn, workedExample } from './worked-example.js'

/** px of one byte: two digits of hex fit. */
const BYTE = 28
const LEFT = 28

interface Part {
  readonly hex: string
  readonly kind: Kind
  readonly words: string
}

/** The one Bluetooth packet of a transaction, closed and opened. */
export function advertPicture(): Picture {
  const { advert } = workedExample()
  const { adStructure: air, advertPlaintext: plain } = advert
  const sealed: readonly Part[] = [
    { hex: air.slice(0, 8), kind: 'plain', words: 'service FFF9' },
    { hex: air.slice(8, 40), kind: 'secret', words: 'one block of AES-256: 16 bytes' },
    { hex: air.slice(40, 48), kind: 'secret', words: 'tag: 4' },
    { hex: air.slice(48), kind: 'air', words: 'suffix: 4' },
  ]
  const opened: readonly Part[] = [
    { hex: plain.slice(0, 2), kind: 'plain', words: '0' },
    { hex: plain.slice(2, 22), kind: 'secret', words: 'nonce: 10 bytes' },
    { hex: plain.slice(22, 28), kind: 'service', words: 'routing ID' },
    { hex: plain.slice(28), kind: 'service', words: 'service' },
  ]
  const inner = LEFT + 4 * BYTE
  return {
    name: 'advert',
    title: 'The advert: all that goes over Bluetooth',
    description: `${bytesIn(air)} bytes of service data. 16 of them are one encrypted block, which holds a zero, a random nonce, the routing ID and the number of the tunnel service. A tag of 4 bytes tells the laptop whether the advert is for it. A suffix of 4 bytes is there only when a phone offers a data channel.`,
    width: LEFT * 2 + bytesIn(air) * BYTE,
    height: 268,
    elements: [
      heading('The advert: all that goes over Bluetooth'),
      ...rowElements(sealed, LEFT, 60),
      line([inner, 128], [inner, 176], 'secret', true),
      line([inner + 16 * BYTE, 128], [inner + 16 * BYTE, 176], 'secret', true),
      text(inner + 8 * BYTE, 156, 'opened with the key from the QR secret', { align: 'middle', look: 'dim' }),
      ...rowElements(opened, inner, 180),
    ],
  }
}

function rowElements(parts: readonly Part[], left: number, y: number): readonly Element[] {
  let x = left
  return parts.flatMap(({ hex, kind, words }) => {
    const from = x
    x += bytesIn(hex) * BYTE
    if (from + widthOf(words) > x) throw new Error(`wider than its bytes: ${words}`)
    const cells = (hex.match(/../g) ?? []).flatMap((byte, at) =>
      box(from + at * BYTE, y, BYTE, 34, kind, byte),
    )
    return [...cells, text(from + 2, y + 54, words)]
  })
}
