import { P256_POINT_BYTES } from '../../bytes/brands.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import { DecodeError } from '../../errors.js'
import { streamFramer } from '../../framing/stream-framer.js'
import type { Framing } from '../../framing/stream-framer.js'
import { explanation } from './explanation.js'
import type { Explanation, Guess } from './explanation.js'

const TAG_BYTES = 16
const NOISE_MESSAGE_BYTES = P256_POINT_BYTES + TAG_BYTES
const UNCOMPRESSED_POINT = 4

const FRAMINGS: Readonly<Record<Framing, string>> = {
  length: 'length: 4 bytes, big-endian, before each message',
  crlf: 'crlf: the bytes 0d 0a after each message',
}

/** One side of a BLE data channel from its beginning: a Noise message, then sealed ones (protocol.md 16.4). */
export const explainDataChannel: Guess = bytes => {
  const found = decodedOrUndefined(() => readStream(bytes, 'length')) ?? readStream(bytes, 'crlf')
  if (found === undefined) throw new DecodeError('message-malformed', 'no such stream')
  return found
}

function readStream(bytes: Uint8Array, framing: Framing): Explanation | undefined {
  const framer = streamFramer({ framing })
  const [noise, ...sealed] = framer.read(bytes)
  if (noise?.length !== NOISE_MESSAGE_BYTES || noise[0] !== UNCOMPRESSED_POINT) return undefined
  return explanation('data-channel', 'what one side sent on a BLE data channel', {
    framing: FRAMINGS[framing],
    messages: [`Noise message, ${NOISE_MESSAGE_BYTES} bytes`, ...sealed.map(sealedText)],
    cut: framer.isWithinMessage ? 'the last message is not whole' : undefined,
  })
}

function sealedText({ length }: Uint8Array): string {
  return length < TAG_BYTES
    ? `${length} bytes, too short for a sealed message`
    : `sealed message, ${length} bytes: ${length - TAG_BYTES} with padding, and the tag`
}
