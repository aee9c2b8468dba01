import { ROUTING_ID_BYTES, routingId, TUNNEL_ID_BYTES, tunnelId } from '../../bytes/brands.js'
import { concatBytes } from '../../bytes/bytes.js'
import { CONTACT_TAG_LENGTH, contactTag } from '../../bytes/contact-tag.js'
import type { ContactTag } from '../../bytes/contact-tag.js'
import { DecodeError } from '../../errors.js'
import type { HolderAnswer } from '../../ports/contact-directory.js'
import type { LinkedCall } from '../../ports/contact-line.js'

/*
 * What members of a directory say to each other. A member is named by 22 characters of base64url, a contact by its tag of as many.
 *
 *   01 ‖ routing ID (3) ‖ tunnel ID (16) ‖ client payload (1 to 1024)   on a contact’s topic: a client asks for its phone
 *   02 ‖ time (8) ‖ member (22)                                        on a contact’s topic: the phone has registered just now
 *   03 ‖ time (8) ‖ member (22)                                        on a contact’s topic: it registered then, and is still here
 *   04 ‖ tags (22 each, at most 256)                                   to all: phones gave these contact IDs up
 *   05, 06, 07, 08 ‖ member (22)          hello and bye to all; here to one that said hello; moving to all: lines are about to be closed
 *   09                                                                 to one member: are you there
 *   0a ‖ tag (22)                                                      to one member: how old is your line of this phone
 *   81 ‖ 00 ringing, 01 gone, 02 busy or 03 too often                   answers 01
 *   89                                                                 answers 09
 *   8a ‖ milliseconds (8)                                              answers 0a
 *
 * Times are milliseconds, of 02 and 03 since 1970, as an IEEE 754 double, most significant byte first.
 */
const MEMBER_KINDS = ['hello', 'here', 'bye', 'moving'] as const
const TAG = {
  call: 1,
  held: 2,
  holds: 3,
  revoked: 4,
  hello: 5,
  here: 6,
  bye: 7,
  moving: 8,
  ping: 9,
  age: 10,
} as const
const ANSWER = 0x81
const PONG = 0x89
const AGE = 0x8a
const ANSWERS: readonly Exclude<HolderAnswer, 'silent'>[] = ['ringing', 'gone', 'busy', 'too-often']

/** How many contacts fit into one frame. */
export const MAX_REVOKED_IN_FRAME = 256
const CLIENT_PAYLOAD_MAX_BYTES = 1024
const TIME_BYTES = 8

/** When a line was registered, and by which member: the later one counts, of two at once the one whose member’s name is greater. */
export interface LineAge {
  readonly at: number
  readonly member: string
}

/** What one member says to others. */
export type MemberFrame =
  | ({ readonly type: 'call' } & LinkedCall)
  | ({ readonly type: 'held' | 'holds' } & LineAge)
  | { readonly type: 'revoked'; readonly contacts: readonly ContactTag[] }
  | { readonly type: (typeof MEMBER_KINDS)[number]; readonly member: string }
  | { readonly type: 'ping' }
  | { readonly type: 'age'; readonly contact: ContactTag }

export const PONG_FRAME: Uint8Array = Uint8Array.of(PONG)

/** Writes a frame. */
export function encodeMemberFrame(frame: MemberFrame): Uint8Array {
  const tag = Uint8Array.of(TAG[frame.type])
  switch (frame.type) {
    case 'call':
      return concatBytes(tag, frame.routingId, frame.tunnelId, frame.clientPayload)
    case 'held':
    case 'holds':
      return concatBytes(tag, encodeTime(frame.at), encodeAscii(frame.member))
    case 'revoked':
      return concatBytes(tag, encodeAscii(frame.contacts.join('')))
    case 'ping':
      return tag
    case 'age':
      return concatBytes(tag, encodeAscii(frame.contact))
    default:
      return concatBytes(tag, encodeAscii(frame.member))
  }
}

/** Reads a frame. @throws DecodeError `length-wrong` for any other bytes. */
export function decodeMemberFrame(bytes: Uint8Array): MemberFrame {
  const body = bytes.slice(1)
  switch (bytes[0]) {
    case TAG.call:
      return decodeCall(body)
    case TAG.held:
      return { type: 'held', ...decodeLineAge(body) }
    case TAG.holds:
      return { type: 'holds', ...decodeLineAge(body) }
    case TAG.revoked:
      return { type: 'revoked', contacts: decodeContacts(body) }
    case TAG.ping:
      if (body.length === 0) return { type: 'ping' }
      break
    case TAG.age:
      return { type: 'age', contact: decodeTag(body) }
    default:
  }
  const type = MEMBER_KINDS.find(kind => TAG[kind] === bytes[0])
  if (type === undefined) throw malformed()
  return { type, member: decodeTag(body) }
}

/** Writes the answer to a call. */
export function encodeAnswer(answer: Exclude<HolderAnswer, 'silent'>): Uint8Array {
  return Uint8Array.of(ANSWER, ANSWERS.indexOf(answer))
}

/** Reads the answer to a call. @throws DecodeError `length-wrong` for any other bytes. */
export function decodeAnswer(bytes: Uint8Array): HolderAnswer {
  const answer = ANSWERS[bytes[1] ?? ANSWERS.length]
  if (bytes.length !== 2 || bytes[0] !== ANSWER || answer === undefined) throw malformed()
  return answer
}

/** Writes how long a line has been there, ms. */
export function encodeAge(ms: number): Uint8Array {
  return concatBytes(Uint8Array.of(AGE), encodeTime(ms))
}

/** Reads how long a line has been there, ms. @throws DecodeError `length-wrong` for any other bytes. */
export function decodeAge(bytes: Uint8Array): number {
  if (bytes[0] !== AGE) throw malformed()
  return decodeTime(bytes.slice(1))
}

function decodeCall(body: Uint8Array): MemberFrame {
  const idsEnd = ROUTING_ID_BYTES + TUNNEL_ID_BYTES
  const clientPayload = body.slice(idsEnd)
  if (clientPayload.length < 1 || clientPayload.length > CLIENT_PAYLOAD_MAX_BYTES) throw malformed()
  return {
    type: 'call',
    routingId: routingId(body.slice(0, ROUTING_ID_BYTES)),
    tunnelId: tunnelId(body.slice(ROUTING_ID_BYTES, idsEnd)),
    clientPayload,
  }
}

function decodeLineAge(body: Uint8Array): LineAge {
  return { at: decodeTime(body.slice(0, TIME_BYTES)), member: decodeTag(body.slice(TIME_BYTES)) }
}

function decodeTag(bytes: Uint8Array): ContactTag {
  // Longer ones may be too many characters for one call.
  if (bytes.length !== CONTACT_TAG_LENGTH) throw malformed()
  return contactTag(decodeAscii(bytes))
}

function decodeContacts(body: Uint8Array): readonly ContactTag[] {
  const count = body.length / CONTACT_TAG_LENGTH
  if (!Number.isInteger(count) || count < 1 || count > MAX_REVOKED_IN_FRAME) throw malformed()
  const text = decodeAscii(body)
  return Array.from({ length: count }, (_, index) =>
    contactTag(text.slice(index * CONTACT_TAG_LENGTH, (index + 1) * CONTACT_TAG_LENGTH)),
  )
}

function encodeTime(at: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(TIME_BYTES))
  view.setFloat64(0, at)
  return new Uint8Array(view.buffer)
}

function decodeTime(bytes: Uint8Array): number {
  if (bytes.length !== TIME_BYTES) throw malformed()
  const at = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0)
  if (!Number.isFinite(at)) throw malformed()
  return at
}

function encodeAscii(text: string): Uint8Array {
  return Uint8Array.from(text, letter => letter.charCodeAt(0))
}

function decodeAscii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function malformed(): DecodeError {
  return new DecodeError('length-wrong', 'directory: no member sends such a frame')
}
