import { decodeMessage } from '../../../src/message/message.js'
import { iosTrace } from '../../support/recorded-sessions.js'
import type { RecordedFrame } from '../../support/recorded-sessions.js'
import { box, heading, text } from './svg.js'
import type { Element, Picture } from './svg.js'

const TAG_BYTES = 16
const SCALE = 2
const LEFT = 240

/** The frames of a sign-in with an iPhone, to scale. */
export function messagesPicture(): Picture {
  const { frames } = iosTrace()
  return {
    name: 'messages',
    title: 'Sealed messages: a sign-in with an iPhone, to scale',
    description:
      'Each frame is the message, zeros up to a multiple of 32 bytes, the last of which says how many they are, and a tag of 16 bytes. The introduction has no type byte; each later message begins with one: 0 goodbye, 1 CTAP, 2 update, 3 JSON.',
    width: 840,
    height: 122 + frames.length * 62,
    elements: [
      heading('Sealed messages: a sign-in with an iPhone, to scale'),
      ...legendElements(),
      ...frames.flatMap((frame, index) => frameElements(frame, index, 116 + index * 62)),
    ],
  }
}

function legendElements(): readonly Element[] {
  return [
    ...box(20, 50, 130, 34, 'phone', 'from the phone'),
    ...box(160, 50, 140, 34, 'laptop', 'from the laptop'),
    ...box(310, 50, 230, 34, 'plain', 'zeros, and how many'),
    ...box(550, 50, 130, 34, 'secret', 'tag: 16 bytes'),
  ]
}

function frameElements({ from, wire, plain }: RecordedFrame, index: number, y: number): readonly Element[] {
  const zeros = wire.length - TAG_BYTES - plain.length
  const [content, padding] = [plain.length * SCALE, zeros * SCALE]
  const own = from === 'client' ? 'laptop' : 'phone'
  return [
    text(20, y + 14, nameOf(plain, index)),
    text(20, y + 31, `${plain.length} + ${zeros} + ${TAG_BYTES} = ${wire.length} bytes`, { look: 'dim' }),
    ...box(LEFT, y, content, 36, own),
    ...box(LEFT + content, y, padding, 36, 'plain'),
    ...box(LEFT + content + padding, y, TAG_BYTES * SCALE, 36, 'secret'),
  ]
}

/** Only the first frame has no type byte. */
function nameOf(plain: Uint8Array, index: number): string {
  if (index === 0) return 'introduction: getInfo'
  const { type } = decodeMessage(plain)
  return `type ${plain[0] ?? ''}, ${type === 'ctap' ? 'CTAP' : type}: ${index === 1 ? 'request' : 'answer'}`
}
