import { concatBytes } from '../../bytes/bytes.js'
import { decodeCbor, encodeCbor } from '../../cbor/cbor.js'
import { cborMap } from '../../cbor/value.js'
import type { CborKey, CborValue } from '../../cbor/value.js'
import { decodeDigits, encodeDigits } from '../../qr/digits.js'

/** Changes the text of a QR code. */
type CodeChange = (text: string) => string

/** What a code does that is not as usual. */
export type CodeVariant = readonly [does: string, change: CodeChange]

const PREFIX = 'FIDO:/'
const UNCOMPRESSED_BYTES = 65
const SECRET_BYTES = 16
/** Its X is above the prime of P-256. */
const OFF_CURVE = new Uint8Array(33).fill(0xff).with(0, 2)

const withBytes =
  (change: (payload: Uint8Array) => Uint8Array): CodeChange =>
  text =>
    PREFIX + encodeDigits(change(decodeDigits(text.slice(PREFIX.length))))

/** Other members; undefined takes one away. */
export const withMembers = (...members: readonly (readonly [CborKey, CborValue | undefined])[]): CodeChange =>
  withBytes(payload => {
    const map = decodeCbor(payload)
    if (!(map instanceof Map)) throw new TypeError('the payload of a QR code is a map')
    const changed = new Map<CborKey, CborValue | undefined>([...map, ...members])
    return encodeCbor(cborMap(changed))
  })

/** Codes that mean what any other does. */
export const GOOD_CODES: Readonly<Record<string, CodeVariant>> = {
  'unknown-members': ['has members that nobody knows', withMembers([99, 'new'], [1000, true])],
  'data-channels': ['offers the tunnel as the only data channel', withMembers([6, [0]])],
  'unknown-request-type': ['comes for what nobody knows', withMembers([5, 'xx'])],
  'without-time': ['does not say when it was made', withMembers([3, undefined])],
  'without-linking': ['does not say whether the client keeps links', withMembers([4, undefined])],
  'lower-case': ['begins in lower case', text => text.toLowerCase()],
}

/** Codes that are none. */
export const BAD_CODES: Readonly<Record<string, CodeVariant>> = {
  'key-missing': ['has no key', withMembers([0, undefined])],
  'key-off-curve': ['has a key that is not on P-256', withMembers([0, OFF_CURVE])],
  'key-uncompressed': [
    'has an uncompressed key of zeros',
    withMembers([0, new Uint8Array(UNCOMPRESSED_BYTES).with(0, 4)]),
  ],
  'key-text': ['has a text for a key', withMembers([0, 'key'])],
  'secret-missing': ['has no secret', withMembers([1, undefined])],
  'secret-short': ['has a secret of 15 bytes', withMembers([1, new Uint8Array(SECRET_BYTES - 1)])],
  'secret-long': ['has a secret of 17 bytes', withMembers([1, new Uint8Array(SECRET_BYTES + 1)])],
  'no-cbor': ['is not CBOR', withBytes(() => Uint8Array.of(0xff, 0xff, 0xff))],
  array: ['is an array', withBytes(() => encodeCbor([]))],
  cut: ['is cut', withBytes(payload => payload.slice(0, -1))],
  'trailing-byte': ['goes on behind its end', withBytes(payload => concatBytes(payload, Uint8Array.of(0)))],
  'digits-odd': ['has a digit too many', text => `${text}0`],
  letters: ['has letters among its digits', text => `${text.slice(0, -1)}x`],
  'second-slash': ['has a second slash', text => text.replace(PREFIX, `${PREFIX}/`)],
  empty: ['has no digits', () => PREFIX],
}
