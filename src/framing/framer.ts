/** Writes messages for a stream of bytes, and finds those of the peer in it, however the stream was cut. Without I/O. */
export interface StreamFramer {
  /** One message as it goes on the stream: to be written at once, by one call. */
  frame(message: Uint8Array): Uint8Array
  /**
   * Takes what came next on the stream. Each message is given out as soon as it is whole; what follows the last one is kept. A caller
   * that stops before the last message must not use the framer again.
   * @throws DecodeError `message-malformed` for a message that is longer than the limit, before it is kept.
   */
  read(chunk: Uint8Array): Generator<Uint8Array, undefined>
  /** Whether a message has begun and is not whole: a stream that ends now was cut. */
  readonly isWithinMessage: boolean
}
