import { CrlfFramer } from './crlf-framer.js'
import { LengthFramer } from './length-framer.js'
import type { StreamFramer } from './framer.js'

export type { StreamFramer } from './framer.js'

/** How messages are told apart on a data channel, which is a stream of bytes (protocol.md 16.4). */
export type Framing = 'length' | 'crlf'

/** What a framer is made of. */
export interface StreamFramerOptions {
  /**
   * Default `length`: each message behind its length, 4 bytes, big-endian, as clients speak since November
   * 2026. `crlf`: each message before the bytes `0d 0a`, as phones of early 2026 have it.
   */
  readonly framing?: Framing | undefined
  /** The longest message of the peer, bytes; 1 MiB unless given. */
  readonly maxMessageBytes?: number | undefined
  /** The longest first message of the peer, bytes; as `maxMessageBytes` unless given. It comes before the peer has shown who it is. */
  readonly maxFirstBytes?: number | undefined
}

const MAX_MESSAGE_BYTES = 0x10_0000

/**
 * Makes what cuts a data channel’s stream into messages (protocol.md 16.4).
 * @example
 * const framer = streamFramer()
 * const written = framer.frame(bytes)
 * for (const message of framer.read(written)) console.log(message.length)
 */
export function streamFramer({
  framing = 'length',
  maxMessageBytes = MAX_MESSAGE_BYTES,
  maxFirstBytes = maxMessageBytes,
}: StreamFramerOptions = {}): StreamFramer {
  const Framer = framing === 'length' ? LengthFramer : CrlfFramer
  return new Framer(maxMessageBytes, maxFirstBytes)
}
