import { P256_POINT_BYTES } from '../bytes/brands.js'
import { HandshakeError } from '../errors.js'

const TAG_BYTES = 16

/** Both messages are an uncompressed point and the tag of an empty payload: 81 bytes (protocol.md 8.2, 8.3). */
export const HANDSHAKE_MESSAGE_BYTES: number = P256_POINT_BYTES + TAG_BYTES

/** @throws HandshakeError `handshake-failed` for any other length: the payload would not be empty. */
export function checkHandshakeMessage(message: Uint8Array): void {
  if (message.length === HANDSHAKE_MESSAGE_BYTES) return
  throw new HandshakeError(
    'handshake-failed',
    `a handshake message must have ${HANDSHAKE_MESSAGE_BYTES} bytes, not ${message.length}`,
  )
}
