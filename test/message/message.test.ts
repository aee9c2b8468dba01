import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborMap } from '../../src/cbor/value.js'
import { UsageError } from '../../src/errors.js'
import { decodeMessage, encodeMessage } from '../../src/message/message.js'
import type { Message } from '../../src/message/message.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { cases, refused, taken } from '../support/cases.js'
import { thrownBy } from '../support/thrown.js'

interface TypedMessage {
  readonly message: string
  readonly type?: number
  readonly payload?: string
}

const messages = cases<TypedMessage>('frames', 'messages')
const updates = cases<{ message: string; map: string }>('linking', 'updates')
const good = taken(messages)

const TYPE_BYTES = { shutdown: 0, ctap: 1, update: 2, json: 3 } as const

/** A linking map whose encoding grows byte by byte. */
const linkingOf = (nameLength: number): CborMap => cborMap([[5, 'n'.repeat(nameLength)]])

describe('messages', () => {
  it.each(good)('$name: reads', ({ message: hex, type, payload = '' }) => {
    const message = decodeMessage(decodeHex(hex))
    expect(TYPE_BYTES[message.type]).toBe(type)
    const bytes = decodeHex(payload)
    const expected: Record<Message['type'], Message> = {
      shutdown: { type: 'shutdown' },
      ctap: { type: 'ctap', payload: bytes },
      update: { type: 'update' },
      json: { type: 'json', text: String.fromCharCode(...bytes) },
    }
    expect(message).toEqual(expected[message.type])
    // An update’s padding is not kept, so only the others come back to the same bytes.
    if (message.type !== 'update') expect(encodeHex(encodeMessage(message))).toBe(hex)
  })

  it.each(refused(messages))('$name: refused', ({ message, error }) => {
    refuses(() => decodeMessage(decodeHex(message)), error)
  })

  it.each(updates)('update, $name: reads and writes', ({ message: hex, map }) => {
    const message = decodeMessage(decodeHex(hex))
    const linking = (decodeCbor(decodeHex(map)) as CborMap).get(1)
    expect(message).toEqual({ type: 'update', ...(linking === undefined ? {} : { linking }) })
    if (linking !== undefined) expect(encodeHex(encodeMessage(message))).toBe(hex)
    atEveryTruncation(decodeHex(hex), decodeMessage)
  })

  it.each(updates)('update, $name: refused when cut inside the map', ({ message }) => {
    const bytes = decodeHex(message)
    for (const length of bytes.keys()) {
      refuses(() => decodeMessage(bytes.slice(0, length)), 'message-malformed')
    }
  })

  it('knows no type above 3', () => {
    for (let type = 4; type <= 255; type++) {
      refuses(() => decodeMessage(Uint8Array.of(type, 0xa0)), 'message-malformed')
    }
  })

  it('tolerates a shutdown with a payload', () => {
    expect(decodeMessage(Uint8Array.of(0, 1, 2))).toEqual({ type: 'shutdown' })
    expect(encodeMessage({ type: 'shutdown' })).toEqual(Uint8Array.of(0))
  })

  it.each([
    ['that is not CBOR', '02ff'],
    ['without a map', '02'],
    ['that is another thing than a map', '0280'],
    ['with bytes after the map', '02a000'],
    ['with unsorted members', '02a201a00040'],
    ['with a link that is not a map', '02a10101'],
  ])('refuses an update %s', (_, frame) => {
    refuses(() => decodeMessage(decodeHex(frame)), 'message-malformed')
  })

  it('ignores unknown members of an update', () => {
    const linking = cborMap([[1, true]])
    const map = cborMap([
      [0, 'padding of another kind'],
      [1, linking],
      [2, false],
      [65535, 0],
    ])
    const bytes = Uint8Array.of(2, ...encodeCbor(map))
    expect(decodeMessage(bytes)).toEqual({ type: 'update', linking })
  })

  it('carries JSON as text, and refuses bytes that are not UTF-8', () => {
    const text = '{"ü":"\u{1F511}"}'
    const bytes = encodeMessage({ type: 'json', text })
    expect(bytes).toEqual(Uint8Array.of(3, ...encodeUtf8(text)))
    expect(decodeMessage(bytes)).toEqual({ type: 'json', text })
    refuses(() => decodeMessage(Uint8Array.of(3, 0xc3)), 'message-malformed')
    refuses(() => decodeMessage(Uint8Array.of(3, 0xc0, 0x80)), 'message-malformed')
  })

  it('gives fresh payloads', () => {
    const bytes = Uint8Array.of(1, 4)
    const message = decodeMessage(bytes)
    if (message.type === 'ctap') message.payload.fill(9)
    expect(bytes).toEqual(Uint8Array.of(1, 4))
    const payload = Uint8Array.of(7)
    encodeMessage({ type: 'ctap', payload }).fill(0)
    expect(payload).toEqual(Uint8Array.of(7))
  })

  it('survives any bytes', () => {
    const real = [...good, ...updates].map(({ message }) => decodeHex(message))
    survivesAnyBytes(decodeMessage, real)
  })

  it('comes back as it was', () => {
    const message: fc.Arbitrary<Message> = fc.oneof(
      fc.record({ type: fc.constant('ctap' as const), payload: fc.uint8Array() }),
      fc.record({ type: fc.constant('json' as const), text: fc.string() }),
      fc.nat({ max: 300 }).map(length => ({ type: 'update' as const, linking: linkingOf(length) })),
    )
    fc.assert(
      fc.property(message, given => {
        expect(decodeMessage(encodeMessage(given))).toEqual(given)
      }),
    )
  })
})

describe('padded updates', () => {
  it('have 512 bytes without a link', () => {
    const bytes = encodeMessage({ type: 'update' }, { padUpdate: true })
    expect(bytes).toHaveLength(512)
    expect(decodeMessage(bytes)).toEqual({ type: 'update' })
  })

  it('have 512 bytes with every link that has room', () => {
    // 511 bytes hold an update with empty padding (4), a linking map with a long name’s head (5) and the name.
    for (let nameLength = 0; nameLength <= 502; nameLength++) {
      const linking = linkingOf(nameLength)
      const bytes = encodeMessage({ type: 'update', linking }, { padUpdate: true })
      expect(bytes).toHaveLength(512)
      expect(decodeMessage(bytes)).toEqual({ type: 'update', linking })
    }
  })

  it.each([503, 504, 505, 600])('refuse a link with a name of %i letters', length => {
    const message = { type: 'update', linking: linkingOf(length) } as const
    const error = thrownBy(() => encodeMessage(message, { padUpdate: true }))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'argument-invalid' })
  })

  it('leave other messages alone', () => {
    expect(encodeMessage({ type: 'shutdown' }, { padUpdate: true })).toEqual(Uint8Array.of(0))
  })
})
