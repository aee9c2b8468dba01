import assert from 'node:assert/strict'
import { concatBytes } from '../../../src/bytes/bytes.js'
import { DecodeError } from '../../../src/errors.js'
import { streamFramer } from '../../../src/framing/stream-framer.js'
import type { Framing, StreamFramer } from '../../../src/framing/stream-framer.js'
import { unlessRefused } from '../invariants.js'
import type { Trial } from '../target.js'

const MAX_MESSAGE_BYTES = 200

/** A stream gives the same messages wherever it is cut, and these written again are its beginning. */
function framed(framing: Framing): (stream: Uint8Array) => void {
  return stream => {
    const whole = messagesOf(framing, [stream])
    const middle = stream.length >> 1
    assert.deepEqual(messagesOf(framing, [stream.subarray(0, middle), stream.subarray(middle)]), whole)
    const bytes = Array.from(stream, byte => Uint8Array.of(byte))
    assert.deepEqual(messagesOf(framing, bytes), whole)
    const framer = framerOf(framing)
    const written = concatBytes(...whole.map(message => framer.frame(message)))
    assert.deepEqual(stream.subarray(0, written.length), written)
  }
}

/** Those before the first that is too long. */
function messagesOf(framing: Framing, chunks: readonly Uint8Array[]): Uint8Array[] {
  const framer = framerOf(framing)
  const messages: Uint8Array[] = []
  unlessRefused(() => {
    for (const chunk of chunks) for (const message of framer.read(chunk)) messages.push(message)
  }, DecodeError)
  return messages
}

function framerOf(framing: Framing): StreamFramer {
  return streamFramer({ framing, maxMessageBytes: MAX_MESSAGE_BYTES })
}

const MESSAGES = [81, 48, 49].map(length => new Uint8Array(length).fill(length))

/** Streams of data channels. */
export const FRAMED: readonly Trial[] = (['length', 'crlf'] as const).map(framing => ({
  seeds: [concatBytes(...MESSAGES.map(message => framerOf(framing).frame(message)))],
  run: framed(framing),
}))
