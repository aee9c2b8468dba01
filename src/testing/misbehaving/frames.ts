import { concatBytes } from '../../bytes/bytes.js'
import { P256_POINT_BYTES } from '../../bytes/brands.js'
import { encodeMessage } from '../../message/message.js'
import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { both, says, sends } from './hand.js'
import type { Deed, Hand } from './hand.js'

const MIB = 1024 * 1024
const COMPRESSED_POINT_BYTES = 33
const LESS_THAN_A_TAG = 15
const NOT_ZERO = 0x55
const PADDING_BEYOND = 0xff
const PADDING_BYTES = 3
/** An array of one element. */
const CBOR_NESTED = 0x81
/** An array, a map and a byte string whose length is said in four bytes. */
const [CBOR_LONG_ARRAY, CBOR_LONG_MAP, CBOR_LONG_BYTES] = [0x9a, 0xba, 0x5a] as const
const NESTED_LEVELS = 1000
const MANY_ITEMS = 100_000

export const NOTHING: Uint8Array = new Uint8Array()
export const NO_CBOR: Uint8Array = Uint8Array.of(0xff)
/** More than the tunnel service takes. */
export const oversized = (): Uint8Array => new Uint8Array(MIB + 1)
const shortFrame = (): Uint8Array => new Uint8Array(LESS_THAN_A_TAG)

const claims = (head: number): Uint8Array => Uint8Array.of(head, 0xff, 0xff, 0xff, 0xff)

/** CBOR that costs more to read than to send, if one lets it. */
export const BOMBS: Readonly<Record<'depth' | 'count' | 'items' | 'length', () => Uint8Array>> = {
  depth: () => new Uint8Array(NESTED_LEVELS).fill(CBOR_NESTED),
  count: () => claims(CBOR_LONG_MAP),
  items: () => concatBytes(Uint8Array.of(CBOR_LONG_ARRAY, 0, 1, 0x86, 0xa0), new Uint8Array(MANY_ITEMS)),
  length: () => claims(CBOR_LONG_BYTES),
}

/** The last bit is wrong. */
export function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? bytes : bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1)
}

/** A handshake message with other bytes for its point. */
const withPoint = (point: Uint8Array): Deed =>
  sends(({ proper }) => concatBytes(point, proper.subarray(P256_POINT_BYTES)))

const otherPoint = (): Uint8Array => nodeCryptoProvider.generateEcdhKey().publicKey

/** What can be wrong with either handshake message, by the end of its name. */
export const HANDSHAKE_DEEDS: Readonly<Record<HandshakeFault, Deed>> = {
  'off-curve': sends(({ proper }) =>
    proper.with(P256_POINT_BYTES - 1, (proper[P256_POINT_BYTES - 1] ?? 0) ^ 1),
  ),
  'zero-point': withPoint(new Uint8Array(P256_POINT_BYTES)),
  'wrong-point': hand => {
    withPoint(otherPoint())(hand)
  },
  'compressed-point': sends(({ proper }) =>
    concatBytes(
      Uint8Array.of(2),
      proper.subarray(1, COMPRESSED_POINT_BYTES),
      proper.subarray(P256_POINT_BYTES),
    ),
  ),
  'flipped-bit': sends(({ proper }) => flipped(proper)),
  short: sends(({ proper }) => proper.slice(0, -1)),
  long: sends(({ proper }) => concatBytes(proper, Uint8Array.of(0))),
  empty: sends(() => NOTHING),
  oversized: sends(oversized),
}

/** What can be wrong with a handshake message. */
export type HandshakeFault =
  | 'off-curve'
  | 'zero-point'
  | 'wrong-point'
  | 'compressed-point'
  | 'flipped-bit'
  | 'short'
  | 'long'
  | 'empty'
  | 'oversized'

/** What can be wrong with how a plaintext is sealed. */
export type SealFault =
  | 'unsealed'
  | 'flipped-bit'
  | 'empty-frame'
  | 'short-frame'
  | 'oversized-frame'
  | 'counter-ahead'
  | 'counter-limit'
  | 'padding-missing'
  | 'padding-beyond'
  | 'padding-only'
  | 'padding-not-zeros'

/** The frame of the proper plaintext, sealed in its turn. */
const properFrame = ({ traffic, proper }: Hand): Uint8Array => traffic?.seal(proper) ?? proper
const sealedAs = (padded: (proper: Uint8Array) => Uint8Array): Deed =>
  sends(({ traffic, proper }) => traffic?.sealPadded(padded(proper)) ?? proper)

/** What can be wrong with a sealed frame, by the end of its name. */
export const SEAL_DEEDS: Readonly<Record<SealFault, Deed>> = {
  unsealed: sends(({ proper }) => proper),
  'flipped-bit': sends(hand => flipped(properFrame(hand))),
  'empty-frame': sends(() => NOTHING),
  'short-frame': sends(shortFrame),
  'oversized-frame': sends(oversized),
  'counter-ahead': hand => {
    hand.traffic?.skip()
    hand.say(hand.proper)
  },
  'counter-limit': sends(({ traffic, proper }) => traffic?.sealAtLimit(proper) ?? proper),
  'padding-missing': sealedAs(proper => proper),
  'padding-beyond': sealedAs(proper =>
    concatBytes(proper.subarray(0, PADDING_BYTES), Uint8Array.of(PADDING_BEYOND)),
  ),
  'padding-only': sealedAs(() => NOTHING),
  'padding-not-zeros': sealedAs(proper =>
    concatBytes(proper, new Uint8Array(PADDING_BYTES).fill(NOT_ZERO), Uint8Array.of(PADDING_BYTES)),
  ),
}

/** Sends the proper frame twice. */
export const repeats: Deed = hand => {
  const frame = properFrame(hand)
  both(
    sends(() => frame),
    sends(() => frame),
  )(hand)
}

/** Seals the first message first, and sends it last. */
export const reorders =
  (first: (hand: Hand) => Uint8Array, second: (hand: Hand) => Uint8Array): Deed =>
  hand => {
    const early = hand.traffic?.seal(first(hand)) ?? NOTHING
    hand.say(second(hand))
    hand.send(early)
  }

/** Sends a frame that it got. */
export const returns: Deed = sends(({ got }) => got.at(-1) ?? NOTHING)

export const UPDATE: Uint8Array = encodeMessage({ type: 'update' }, { padUpdate: true })
export const GOODBYE: Uint8Array = encodeMessage({ type: 'shutdown' })
export const JSON_MESSAGE: Uint8Array = encodeMessage({ type: 'json', text: '{}' })
/** 3 is the last type that there is. */
export const UNKNOWN_MESSAGE: Uint8Array = Uint8Array.of(4, 0)
const UPDATE_TYPE = Uint8Array.of(2)

/** An update with other bytes for its map. */
export const saysUpdate = (map: () => Uint8Array): Deed => says(() => concatBytes(UPDATE_TYPE, map()))
/** A CTAP message. */
export const saysCtap = (payload: () => Uint8Array): Deed =>
  says(() => encodeMessage({ type: 'ctap', payload: payload() }))
