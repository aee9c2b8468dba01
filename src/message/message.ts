import { concatBytes } from '../bytes/bytes.js'
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.js'
import type { CborMap } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import { decodeUpdate, encodePaddedUpdate, encodeUpdate } from './update.js'

/** The first byte of each message (protocol.md 10.2). */
const MESSAGE_TYPES = { shutdown: 0, ctap: 1, update: 2, json: 3 } as const

/** The names of the message types. */
export type MessageType = keyof typeof MESSAGE_TYPES

/** A message after the post-handshake message, in either direction. */
export type Message =
  | { readonly type: 'shutdown' }
  /** A command byte and CBOR for the phone; a status byte and CBOR for the client. */
  | { readonly type: 'ctap'; readonly payload: Uint8Array }
  /** What the phone sends unasked. Without a linking map it offers no link. */
  | { readonly type: 'update'; readonly linking?: CborMap | undefined }
  /** What digital credentials are asked and answered with, as `encodeJson` writes it. */
  | { readonly type: 'json'; readonly text: string }

/** How to write a message. */
export interface MessageEncoding {
  /** Pads an update to 512 bytes, so that its size does not tell whether the user agreed to link. */
  readonly padUpdate?: boolean | undefined
}

/**
 * Writes a message with its type byte.
 * @throws UsageError `argument-invalid` when an update is to be padded and its linking map has no room.
 *
 * @example
 * traffic.seal(encodeMessage({ type: 'ctap', payload: bytes }))
 */
export function encodeMessage(message: Message, encoding: MessageEncoding = {}): Uint8Array {
  return concatBytes(Uint8Array.of(MESSAGE_TYPES[message.type]), encodePayload(message, encoding))
}

/**
 * Whether the type byte says update; the content is not checked.
 *
 * @example
 * const opened = traffic.open(await receive())
 * if (!isUpdate(opened)) console.log(decodeMessage(opened).type)
 */
export function isUpdate(message: Uint8Array): boolean {
  return message[0] === MESSAGE_TYPES.update
}

function encodePayload(message: Message, { padUpdate = false }: MessageEncoding): Uint8Array {
  switch (message.type) {
    case 'shutdown':
      return new Uint8Array()
    case 'ctap':
      return message.payload
    case 'update':
      return padUpdate ? encodePaddedUpdate(message.linking) : encodeUpdate(message.linking)
    case 'json':
      return encodeUtf8(message.text)
  }
}

/**
 * Reads a message. The payload of a shutdown is ignored, as other implementations do; so are an update’s padding and unknown
 * members.
 * @throws DecodeError `message-malformed` for an empty or unknown type, an update that is not a canonical CBOR map,
 *   and JSON that is not UTF-8. The text itself is not parsed.
 *
 * @example
 * const message = decodeMessage(traffic.open(await receive()))
 * if (message.type === 'ctap') console.log(message.payload[0]) // the status byte
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const payload = bytes.slice(1)
  switch (bytes[0]) {
    case MESSAGE_TYPES.shutdown:
      return { type: 'shutdown' }
    case MESSAGE_TYPES.ctap:
      return { type: 'ctap', payload }
    case MESSAGE_TYPES.update:
      return { type: 'update', ...decodeUpdate(payload) }
    case MESSAGE_TYPES.json:
      return { type: 'json', text: decodeJsonText(payload) }
    case undefined:
      throw new DecodeError('message-malformed', 'the message is empty')
    default:
      throw new DecodeError('message-malformed', `the message has the unknown type ${bytes[0]}`)
  }
}

function decodeJsonText(payload: Uint8Array): string {
  try {
    return decodeUtf8(payload)
  } catch (cause) {
    throw new DecodeError('message-malformed', 'the JSON message is not UTF-8', { cause })
  }
}
