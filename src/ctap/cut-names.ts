import { concatBytes, equalBytes } from '../bytes/bytes.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { decodeCutUtf8 } from '../bytes/utf8.js'
import { encodeCbor } from '../cbor/cbor.js'
import { itemEnd, MAJOR_MAP, MAJOR_TEXT, readHead } from './item-end.js'

/** An authenticator keeps at least so many bytes of a name, and may cut a longer one anywhere (CTAP 2.2 section 6.1). */
const KEPT_BYTES = 64
const NAMES = /* @__PURE__ */ ['name', 'displayName'].map(name => encodeCbor(name))

/** A member of a map by where its parts are. */
interface Member {
  readonly key: Uint8Array
  readonly start: number
  readonly end: number
}

/**
 * Takes the incomplete last letter off the names of a user that were cut inside it. All else stays as it is.
 * @param bytes in which one CBOR item begins at `start`: a map.
 * @param userKey of the user in that map, as CBOR.
 * @throws DecodeError `ctap-malformed` when the bytes end early.
 */
export function withoutCutLetters(bytes: Uint8Array, start: number, userKey: Uint8Array): Uint8Array {
  const user = membersOf(bytes, start).find(({ key }) => equalBytes(key, userKey))
  const names =
    user && membersOf(bytes, user.start).filter(({ key }) => NAMES.some(name => equalBytes(name, key)))
  // From the last to the first, so that the places of the others stay.
  return (names ?? []).reduceRight(withoutCutLetter, bytes)
}

function withoutCutLetter(bytes: Uint8Array, { start, end }: Member): Uint8Array {
  const head = readHead(bytes, start)
  if (head.major !== MAJOR_TEXT || head.argument < KEPT_BYTES) return bytes
  const name = decodedOrUndefined(() => decodeCutUtf8(bytes.subarray(head.end, end)))
  if (name === undefined) return bytes
  return concatBytes(bytes.subarray(0, start), encodeCbor(name), bytes.subarray(end))
}

function membersOf(bytes: Uint8Array, start: number): readonly Member[] {
  const { major, argument, end } = readHead(bytes, start)
  const members: Member[] = []
  if (major !== MAJOR_MAP) return members
  for (let position = end; members.length < argument; position = members.at(-1)?.end ?? end) {
    const valueStart = itemEnd(bytes, position)
    members.push({
      key: bytes.subarray(position, valueStart),
      start: valueStart,
      end: itemEnd(bytes, valueStart),
    })
  }
  return members
}
