import { expect, test } from 'vitest'
import { channelInputs } from '../../src/driver/channel-inputs.js'
import type { ChannelInput } from '../../src/driver/channel-inputs.js'
import { DecodeError, ProximityError } from '../../src/errors.js'
import type { StreamFramer } from '../../src/framing/stream-framer.js'

/** Takes each chunk for a message, and an empty one for nonsense. */
const framer: StreamFramer = {
  frame: message => message,
  *read(chunk): Generator<Uint8Array, undefined> {
    if (chunk.length === 0) throw new DecodeError('message-malformed', 'nonsense')
    yield chunk
  },
  isWithinMessage: false,
}

function told(say: (observer: ReturnType<typeof channelInputs>) => void): readonly string[] {
  const inputs: ChannelInput[] = []
  say(channelInputs(1, framer, input => inputs.push(input)))
  return inputs.map(({ type }) => type)
}

const lost = new ProximityError('channel-lost', 'it broke')

test('a session hears nothing of a channel that has broken', () => {
  const after = told(observer => {
    observer.open()
    observer.bytes(Uint8Array.of(1))
    observer.bytes(new Uint8Array())
    observer.bytes(Uint8Array.of(2))
    observer.closed()
    observer.failed(lost)
  })
  expect(after).toEqual(['channel-open', 'channel-message', 'channel-failed'])
  const failed = told(observer => {
    observer.failed(lost)
    observer.bytes(Uint8Array.of(1))
    observer.closed()
  })
  expect(failed).toEqual(['channel-failed'])
})
