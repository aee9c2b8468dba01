import { concatBytes } from '../../bytes/bytes.js'
import { P256_POINT_BYTES } from '../../bytes/brands.js'
import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { flipped, NOTHING, oversized, properFrame } from './frames.js'
import { sendsFrame } from './turn.js'
import type { Act } from './turn.js'

const COMPRESSED_POINT_BYTES = 33
const LESS_THAN_A_TAG = 15
const NOT_ZERO = 0x55
const PADDING_BEYOND = 0xff
const PADDING_BYTES = 3

/** What can be wrong with a frame: in words that go on from a verb, and what the peer does. */
export type PeerFault = readonly [words: string, act: Act]

/** A member for each fault, named `<subject>-<fault>`. */
export function family<Subject extends string, Name extends string, Member>(
  subject: Subject,
  faults: Readonly<Record<Name, PeerFault>>,
  make: (fault: PeerFault) => Member,
): Readonly<Record<`${Subject}-${Name}`, Member>> {
  const members: Partial<Record<`${Subject}-${Name}`, Member>> = {}
  for (const name in faults) members[`${subject}-${name}`] = make(faults[name])
  // One for each name by now.
  return members as Record<`${Subject}-${Name}`, Member>
}

/** What can be wrong with either handshake message. */
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

/** A handshake message with other bytes for its point. */
const withPoint = (point: () => Uint8Array): Act =>
  sendsFrame(({ proper }) => concatBytes(point(), proper.subarray(P256_POINT_BYTES)))

export const HANDSHAKE_FAULTS: Readonly<Record<HandshakeFault, PeerFault>> = {
  'off-curve': [
    'with a point that is not on P-256',
    sendsFrame(({ proper }) => proper.with(P256_POINT_BYTES - 1, (proper[P256_POINT_BYTES - 1] ?? 0) ^ 1)),
  ],
  'zero-point': ['with zeros for a point', withPoint(() => new Uint8Array(P256_POINT_BYTES))],
  'wrong-point': [
    'with a point that is not its key',
    withPoint(() => nodeCryptoProvider.generateEcdhKey().publicKey),
  ],
  'compressed-point': [
    'with a compressed point',
    sendsFrame(({ proper }) =>
      concatBytes(
        Uint8Array.of(2),
        proper.subarray(1, COMPRESSED_POINT_BYTES),
        proper.subarray(P256_POINT_BYTES),
      ),
    ),
  ],
  'flipped-bit': ['with one bit wrong', sendsFrame(({ proper }) => flipped(proper))],
  short: ['with a byte too few', sendsFrame(({ proper }) => proper.slice(0, -1))],
  long: ['with a byte too many', sendsFrame(({ proper }) => concatBytes(proper, Uint8Array.of(0)))],
  empty: ['with no bytes', sendsFrame(NOTHING)],
  oversized: ['with more than a tunnel carries', sendsFrame(oversized)],
}

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

const sealedAs = (padded: (proper: Uint8Array) => Uint8Array): Act =>
  sendsFrame(({ traffic, proper }) => traffic?.sealPadded(padded(proper)) ?? proper)

const aheadOfItsTurn: Act = hand => {
  hand.traffic?.skip()
  hand.sendSealed(hand.proper)
}

export const SEAL_FAULTS: Readonly<Record<SealFault, PeerFault>> = {
  unsealed: ['in the open', sendsFrame(({ proper }) => proper)],
  'flipped-bit': ['with one bit wrong', sendsFrame(hand => flipped(properFrame(hand)))],
  'empty-frame': ['with no bytes', sendsFrame(NOTHING)],
  'short-frame': ['with less than a tag', sendsFrame(new Uint8Array(LESS_THAN_A_TAG))],
  'oversized-frame': ['with more than a tunnel carries', sendsFrame(oversized)],
  'counter-ahead': ['as if a frame had been lost', aheadOfItsTurn],
  'counter-limit': [
    'under the last counter',
    sendsFrame(({ traffic, proper }) => traffic?.sealAtLimit(proper) ?? proper),
  ],
  'padding-missing': ['without padding', sealedAs(proper => proper)],
  'padding-beyond': [
    'with padding longer than the plaintext',
    sealedAs(proper => concatBytes(proper.subarray(0, PADDING_BYTES), Uint8Array.of(PADDING_BEYOND))),
  ],
  'padding-only': ['with a plaintext that is empty even of padding', sealedAs(() => NOTHING)],
  'padding-not-zeros': [
    'with padding that is not zeros',
    sealedAs(proper =>
      concatBytes(proper, new Uint8Array(PADDING_BYTES).fill(NOT_ZERO), Uint8Array.of(PADDING_BYTES)),
    ),
  ],
}
