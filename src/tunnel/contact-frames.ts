import {
  lineKey,
  LINE_KEY_BYTES,
  routingId,
  ROUTING_ID_BYTES,
  tunnelId,
  TUNNEL_ID_BYTES,
} from '../bytes/brands.js'
import type { LineKey, TunnelId } from '../bytes/brands.js'
import { concatBytes, equalBytes } from '../bytes/bytes.js'
import { encodeU32BE, readU32BE } from '../bytes/endian.js'
import { DecodeError } from '../errors.js'
import { CLIENT_PAYLOAD_MAX_BYTES } from './client-payload.js'
import type { LinkedCall, CallReply } from './linked-call.js'

/*
 * The contact line: a WebSocket that a phone opens to `/cable/register` of our own tunnel service. Sub-protocol
 * `fido.cable`; each
 * frame is one binary message. No specification says how a service reaches a phone (protocol.md 7.1); others use push messages.
 *
 *   phone to service    01 ‖ line key (32) ‖ revoked keys (32 each)               first, once
 *                       02 ‖ tunnel ID (16) ‖ 00 ringing, 01 gone or 02 busy              answers a call
 *                       03                                                                ping
 *   service to phone    81 ‖ silence limit in ms (u32, most significant byte first)       registered
 *                       82 ‖ routing ID (3) ‖ tunnel ID (16) ‖ client payload (1 to 1024) a client asks
 *                       83                                                                pong
 *
 * Each side gives a line up after the silence limit without a frame. The phone pings three times within that limit.
 */
const TAG = { register: 0x01, reply: 0x02, ping: 0x03, registered: 0x81, contact: 0x82, pong: 0x83 } as const
const REPLIES: readonly CallReply[] = ['ringing', 'gone', 'busy']

/** How many keys a phone may declare revoked when it registers. */
export const MAX_REVOKED_KEYS = 256

/** Bounds of the silence limit, in milliseconds. */
export const SILENCE_LIMIT_MS = { min: 1000, max: 3_600_000 } as const

const U32_BYTES = 4

/** WebSocket close code for private use. The service closed the line because another line has registered with the same key. */
export const CLOSE_REPLACED = 4409
/** The same kind of code: the service closed the line because the key has been revoked. */
export const CLOSE_REVOKED = 4410

/** Frames that the phone sends. */
export type PhoneFrame =
  /** First, once: the phone’s key, and at most 256 keys that it gave up. */
  | { readonly type: 'register'; readonly key: LineKey; readonly revoked: readonly LineKey[] }
  | { readonly type: 'reply'; readonly tunnelId: TunnelId; readonly reply: CallReply }
  | { readonly type: 'ping' }

/** Frames that the service sends. */
export type ServiceFrame =
  /** Clients can find the phone. Each side gives the line up after so many ms without a frame. */
  | { readonly type: 'registered'; readonly silenceLimitMs: number }
  | ({ readonly type: 'contact' } & LinkedCall)
  | { readonly type: 'pong' }

/**
 * Writes a frame of the phone.
 *
 * @example
 * const frame = encodePhoneFrame({ type: 'register', key: lineKey(bytes), revoked: [] }) // 33 bytes
 */
export function encodePhoneFrame(frame: PhoneFrame): Uint8Array {
  switch (frame.type) {
    case 'register':
      return tagged('register', frame.key, ...frame.revoked)
    case 'reply':
      return tagged('reply', frame.tunnelId, Uint8Array.of(REPLIES.indexOf(frame.reply)))
    case 'ping':
      return tagged('ping')
  }
}

/**
 * Reads a frame of the phone.
 * @throws DecodeError `contact-frame-malformed` for any other bytes, and for a frame that revokes the key it registers.
 *
 * @example
 * const frame = decodePhoneFrame(bytes)
 * if (frame.type === 'reply') console.log(frame.reply)
 */
export function decodePhoneFrame(bytes: Uint8Array): PhoneFrame {
  const body = bytes.slice(1)
  switch (bytes[0]) {
    case TAG.register:
      return decodeRegister(body)
    case TAG.reply:
      return decodeReply(body)
    case TAG.ping:
      return empty(body, { type: 'ping' })
    default:
      throw malformed('has a type that a phone does not send')
  }
}

/**
 * Writes a frame of the service.
 *
 * @example
 * const frame = encodeServiceFrame({ type: 'registered', silenceLimitMs: 60_000 }) // 5 bytes
 */
export function encodeServiceFrame(frame: ServiceFrame): Uint8Array {
  switch (frame.type) {
    case 'registered':
      return tagged('registered', encodeU32BE(frame.silenceLimitMs))
    case 'contact':
      return tagged('contact', frame.routingId, frame.tunnelId, frame.clientPayload)
    case 'pong':
      return tagged('pong')
  }
}

/**
 * Reads a frame of the service.
 * @throws DecodeError `contact-frame-malformed` for any other bytes.
 *
 * @example
 * const frame = decodeServiceFrame(bytes)
 * if (frame.type === 'registered') console.log(frame.silenceLimitMs)
 */
export function decodeServiceFrame(bytes: Uint8Array): ServiceFrame {
  const body = bytes.slice(1)
  switch (bytes[0]) {
    case TAG.registered:
      return decodeRegistered(body)
    case TAG.contact:
      return decodeContact(body)
    case TAG.pong:
      return empty(body, { type: 'pong' })
    default:
      throw malformed('has a type that a tunnel service does not send')
  }
}

function decodeRegister(body: Uint8Array): PhoneFrame {
  const keys = body.length / LINE_KEY_BYTES
  if (!Number.isInteger(keys) || keys < 1 || keys > 1 + MAX_REVOKED_KEYS)
    throw malformed(`must hold 1 to ${1 + MAX_REVOKED_KEYS} keys`)
  const [key, ...revoked] = Array.from({ length: keys }, (_, index) => keyAt(body, index))
  if (key === undefined || revoked.some(each => equalBytes(each, key)))
    throw malformed('revokes the key that it registers')
  return { type: 'register', key, revoked }
}

function keyAt(body: Uint8Array, index: number): LineKey {
  const start = index * LINE_KEY_BYTES
  return lineKey(body.slice(start, start + LINE_KEY_BYTES))
}

function decodeReply(body: Uint8Array): PhoneFrame {
  const reply = REPLIES[body[TUNNEL_ID_BYTES] ?? REPLIES.length]
  if (reply === undefined || body.length !== TUNNEL_ID_BYTES + 1)
    throw malformed('must be a tunnel ID and a reply')
  return { type: 'reply', tunnelId: tunnelId(body.slice(0, TUNNEL_ID_BYTES)), reply }
}

function decodeRegistered(body: Uint8Array): ServiceFrame {
  const silenceLimitMs = body.length === U32_BYTES ? readU32BE(body) : 0
  if (silenceLimitMs < SILENCE_LIMIT_MS.min || silenceLimitMs > SILENCE_LIMIT_MS.max)
    throw malformed(`must have a silence limit of ${SILENCE_LIMIT_MS.min} to ${SILENCE_LIMIT_MS.max} ms`)
  return { type: 'registered', silenceLimitMs }
}

function decodeContact(body: Uint8Array): ServiceFrame {
  const idsEnd = ROUTING_ID_BYTES + TUNNEL_ID_BYTES
  const clientPayload = body.slice(idsEnd)
  if (clientPayload.length < 1 || clientPayload.length > CLIENT_PAYLOAD_MAX_BYTES)
    throw malformed(`must have a client payload of 1 to ${CLIENT_PAYLOAD_MAX_BYTES} bytes`)
  return {
    type: 'contact',
    routingId: routingId(body.slice(0, ROUTING_ID_BYTES)),
    tunnelId: tunnelId(body.slice(ROUTING_ID_BYTES, idsEnd)),
    clientPayload,
  }
}

function tagged(tag: keyof typeof TAG, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(TAG[tag]), ...parts)
}

function empty<Frame>(body: Uint8Array, frame: Frame): Frame {
  if (body.length > 0) throw malformed('is too long')
  return frame
}

function malformed(what: string): DecodeError {
  return new DecodeError('contact-frame-malformed', `contact line: the frame ${what}`)
}
