import { concatBytes } from '../../bytes/bytes.js'
import { encodeMessage } from '../../message/message.js'
import { both, bytesOf, sendsSealed, sendsFrame } from './turn.js'
import type { Bytes, Act, Turn } from './turn.js'

const MIB = 1024 * 1024
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

/** The frame of the proper plaintext, sealed in its turn. */
export const properFrame = ({ traffic, proper }: Turn): Uint8Array => traffic?.seal(proper) ?? proper

/** Sends the proper frame twice. */
export const repeats: Act = hand => {
  const frame = properFrame(hand)
  both(sendsFrame(frame), sendsFrame(frame))(hand)
}

/** Seals the first message first, and sends it last. */
export const reorders =
  (first: Bytes, second: Bytes): Act =>
  hand => {
    const early = hand.traffic?.seal(bytesOf(first, hand)) ?? NOTHING
    hand.sendSealed(bytesOf(second, hand))
    hand.sendFrame(early)
  }

/** Sends a frame that it got. */
export const returns: Act = sendsFrame(({ got }) => got.at(-1) ?? NOTHING)

export const UPDATE: Uint8Array = encodeMessage({ type: 'update' }, { padUpdate: true })
export const GOODBYE: Uint8Array = encodeMessage({ type: 'shutdown' })
export const JSON_MESSAGE: Uint8Array = encodeMessage({ type: 'json', text: '{}' })
/** 3 is the last type that there is. */
export const UNKNOWN_MESSAGE: Uint8Array = Uint8Array.of(4, 0)
const UPDATE_TYPE = Uint8Array.of(2)

/** An update with other bytes for its map. */
export const sendsUpdate = (map: Bytes): Act =>
  sendsSealed(hand => concatBytes(UPDATE_TYPE, bytesOf(map, hand)))
/** A CTAP message. */
export const sendsCtap = (payload: Bytes): Act =>
  sendsSealed(hand => encodeMessage({ type: 'ctap', payload: bytesOf(payload, hand) }))
