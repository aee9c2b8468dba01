import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { streamFramer } from '../../src/framing/stream-framer.js'
import type { Framing, StreamFramer } from '../../src/framing/stream-framer.js'
import { cases, refused, taken } from '../support/cases.js'
import { refuses } from '../support/decoder.js'

const NOISE_MESSAGE = patterned(81)
const SEALED = patterned(240)
const GOODBYE = patterned(48)
/** Of a client that pads before it writes the type. */
const LONGER_GOODBYE = patterned(49)
/** Longer than what a framer has room for at first. */
const LONG = patterned(1040)
const messages = [NOISE_MESSAGE, SEALED, LONG, GOODBYE, LONGER_GOODBYE]

const framings: readonly Framing[] = ['length', 'crlf']

describe.each(framings)('a stream of messages framed by %s', framing => {
  const stream = concatBytes(...messages.map(message => streamFramer({ framing }).frame(message)))

  it('gives its messages when it comes at once', () => {
    expect(read(streamFramer({ framing }), stream)).toEqual(messages)
  })

  it('gives its messages when it comes byte by byte', () => {
    const framer = streamFramer({ framing })
    expect(Array.from(stream, byte => read(framer, Uint8Array.of(byte))).flat()).toEqual(messages)
  })

  it('gives its messages wherever it was cut in two', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const framer = streamFramer({ framing })
      const found = [...read(framer, stream.subarray(0, cut)), ...read(framer, stream.subarray(cut))]
      expect(found).toEqual(messages)
    }
  })

  it('gives a message as soon as it is whole, and says so', () => {
    const framer = streamFramer({ framing })
    const first = framer.frame(NOISE_MESSAGE)
    expect(framer.isWithinMessage).toBe(false)
    for (const length of [1, 3, 4, 80, first.length - 1]) {
      const fresh = streamFramer({ framing })
      expect(read(fresh, first.subarray(0, length))).toEqual([])
      expect(fresh.isWithinMessage).toBe(true)
    }
    expect(read(framer, first)).toEqual([NOISE_MESSAGE])
    expect(framer.isWithinMessage).toBe(false)
    expect(read(framer, Uint8Array.of(0))).toEqual([])
    expect(framer.isWithinMessage).toBe(true)
  })

  it('may hold the marks of either framing in a message', () => {
    const marked = concatBytes(
      decodeHex('0d0a00000051'),
      SEALED.subarray(0, 36),
      decodeHex('0d0a'),
      GOODBYE.subarray(0, 4),
    )
    const framer = streamFramer({ framing })
    expect(read(framer, framer.frame(marked))).toEqual([marked])
  })

  it('gives messages that are copies', () => {
    const framer = streamFramer({ framing })
    const bytes = framer.frame(GOODBYE)
    const [message] = read(framer, bytes)
    bytes.fill(0)
    expect(message).toEqual(GOODBYE)
  })

  it('takes a message as long as the limit, and refuses a longer one', () => {
    const limited = (maxMessageBytes: number): StreamFramer => streamFramer({ framing, maxMessageBytes })
    const bytes = streamFramer({ framing }).frame(GOODBYE)
    expect(read(limited(49), bytes)).toEqual([GOODBYE])
    expect(read(limited(48), bytes)).toEqual([GOODBYE])
    refuses(() => read(limited(47), bytes), 'message-malformed')
  })
})

interface StreamCase {
  readonly framing: Framing
  readonly stream: string
  readonly messages: readonly string[]
}

const ends = cases<StreamCase>('data-channel', 'ends')

describe('the streams of the vectors', () => {
  it.each(cases<StreamCase>('data-channel', 'streams'))('are written and read: $name', vector => {
    const framer = streamFramer(vector)
    const written = concatBytes(...vector.messages.map(hex => framer.frame(decodeHex(hex))))
    expect(encodeHex(written)).toBe(vector.stream)
    for (let cut = 0; cut <= written.length; cut++) {
      const fresh = streamFramer(vector)
      const found = [...read(fresh, written.subarray(0, cut)), ...read(fresh, written.subarray(cut))]
      expect(found.map(encodeHex)).toEqual(vector.messages)
    }
  })

  it.each(taken(ends))('may end: $name', vector => {
    const framer = streamFramer(vector)
    expect(read(framer, decodeHex(vector.stream)).map(encodeHex)).toEqual(vector.messages)
    expect(framer.isWithinMessage).toBe(false)
  })

  it.each(refused(ends))('are cut or refused: $name', ({ framing, stream, error }) => {
    const framer = streamFramer({ framing })
    if (error === 'connection-lost') {
      read(framer, decodeHex(stream))
      expect(framer.isWithinMessage).toBe(true)
    } else {
      refuses(() => read(framer, decodeHex(stream)), error)
    }
  })
})

describe('a message behind its length', () => {
  it('may be empty', () => {
    expect(read(streamFramer(), decodeHex('0000000000000001ff00000000'))).toEqual([
      new Uint8Array(),
      Uint8Array.of(0xff),
      new Uint8Array(),
    ])
  })

  it.each(['00100001', 'ffffffff'])('is refused by its length alone when that is %s', length => {
    refuses(() => read(streamFramer(), decodeHex(length)), 'message-malformed')
  })

  it('may have 1 MiB', () => {
    const framer = streamFramer()
    const longest = new Uint8Array(0x10_0000)
    expect(read(framer, framer.frame(longest))).toEqual([longest])
  })

  it('is written as 4 bytes and itself', () => {
    expect(encodeHex(streamFramer().frame(Uint8Array.of(1, 2)))).toBe('000000020102')
  })
})

describe('a message before CR LF', () => {
  it('is written as itself and two bytes', () => {
    expect(encodeHex(streamFramer({ framing: 'crlf' }).frame(Uint8Array.of(1)))).toBe('010d0a')
  })

  it('ends only where messages end', () => {
    const ends = Array.from({ length: 130 }, (_, length) => length).filter(length => {
      const framer = streamFramer({ framing: 'crlf' })
      return read(framer, framer.frame(new Uint8Array(length))).length > 0
    })
    expect(ends).toEqual([48, 49, 80, 81, 112, 113])
  })

  it('is refused once it is longer than the limit', () => {
    const framer = streamFramer({ framing: 'crlf' })
    expect(read(framer, new Uint8Array(0x10_0001))).toEqual([])
    refuses(() => read(framer, new Uint8Array(1)), 'message-malformed')
  })
})

function read(framer: StreamFramer, chunk: Uint8Array): Uint8Array[] {
  return [...framer.read(chunk)]
}

/** Bytes of which no two neighbours are CR and LF. */
function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff)
}

describe.each(['length', 'crlf'] as const)('the first message with framing %s', framing => {
  const framer = (): StreamFramer => streamFramer({ framing, maxFirstBytes: 81 })
  const message = (bytes: number): Uint8Array => streamFramer({ framing }).frame(new Uint8Array(bytes))

  it('may have as many bytes as its own limit says, and those after it more', () => {
    const reading = framer()
    const lengths = [...reading.read(message(81)), ...reading.read(message(112))].map(({ length }) => length)
    expect(lengths).toEqual([81, 112])
  })

  it('may not have more', () => {
    expect(() => [...framer().read(message(112))]).toThrow(
      expect.objectContaining({ code: 'message-malformed' }),
    )
  })
})
