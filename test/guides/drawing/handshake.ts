import { KN_PSK0, NK_PSK0 } from '../../../src/noise/patterns.js'
import type { HandshakePattern, Token } from '../../../src/noise/patterns.js'
import { arrow, box, heading, shortened, text } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'
import { bytesIn, workedExample } from './worked-example.js'

const POINT_BYTES = 65

/** What is mixed into the keys by each word of a pattern. */
const TOKENS: Readonly<Record<Token, readonly [words: string, kind: Kind]>> = {
  psk: ['PSK', 'secret'],
  e: ['fresh key', 'plain'],
  ee: ['fresh × fresh', 'plain'],
  es: ['laptop’s fresh × phone’s long-term', 'phone'],
  se: ['QR key × phone’s fresh', 'laptop'],
}

const PATTERNS: readonly (readonly [HandshakePattern, words: string])[] = [
  [KN_PSK0, 'by QR code: the phone knows the laptop’s key'],
  [NK_PSK0, 'by a link: the laptop knows the phone’s key'],
]

/** Both handshakes, in what they mix, and the bytes of their messages. */
export function handshakePicture(): Picture {
  const { handshake } = workedExample()
  return {
    name: 'handshake',
    title: 'The handshake: two messages of 81 bytes',
    description:
      'Message 1 goes from the laptop to the phone, message 2 back. Each is a fresh public key of 65 bytes and a tag of 16 bytes. Both patterns mix the PSK and fresh keys; by QR code the key in the code is mixed too, by a link the phone’s long-term key.',
    width: 840,
    height: 440,
    elements: [
      heading('The handshake: two messages of 81 bytes'),
      ...wireElements(handshake.message1, 56, 'laptop', 'message 1'),
      ...wireElements(handshake.message2, 118, 'phone', 'message 2'),
      ...PATTERNS.flatMap(([pattern, words], index) => patternElements(pattern, words, 196 + index * 120)),
    ],
  }
}

function wireElements(message: string, y: number, kind: Kind, name: string): readonly Element[] {
  const [point, tag] = [message.slice(0, 2 * POINT_BYTES), message.slice(2 * POINT_BYTES)]
  const [start, end] = kind === 'laptop' ? ([20, 90] as const) : ([90, 20] as const)
  return [
    ...arrow([start, y + 24], [end, y + 24], kind),
    text(20, y + 14, name),
    ...box(120, y, 520, 44, kind, `fresh public key: ${bytesIn(point)} bytes`, shortened(point, 40)),
    ...box(644, y, 172, 44, 'secret', `tag: ${bytesIn(tag)} bytes`, shortened(tag, 16)),
  ]
}

function patternElements(
  { protocolName, messages }: HandshakePattern,
  words: string,
  y: number,
): readonly Element[] {
  return [
    text(20, y, words, { look: 'head' }),
    text(820, y, protocolName, { align: 'end', look: 'dim' }),
    ...messages.flatMap((tokens, index) => tokenElements(tokens, index, y + 14 + index * 40)),
  ]
}

function tokenElements(tokens: readonly Token[], index: number, y: number): readonly Element[] {
  let x = 120
  return [
    text(20, y + 20, `message ${index + 1}`),
    ...tokens.flatMap(token => {
      const [words, kind] = TOKENS[token]
      const width = words.length * 8 + 20
      x += width + 8
      return box(x - width - 8, y, width, 30, kind, words)
    }),
  ]
}
