import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineKey, routingId, tunnelId } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { equalBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import {
  decodePhoneFrame,
  decodeServiceFrame,
  encodePhoneFrame,
  encodeServiceFrame,
  MAX_REVOKED_KEYS,
  SILENCE_LIMIT_MS,
} from '../../src/tunnel/contact-frames.js'
import type { PhoneFrame, ServiceFrame } from '../../src/tunnel/contact-frames.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'

const keyOf = (byte: number): LineKey => lineKey(new Uint8Array(32).fill(byte))
const ROUTING = routingId(Uint8Array.of(1, 2, 3))
const TUNNEL = tunnelId(new Uint8Array(16).fill(7))

/** Written by hand from the table in the codec’s file. */
const PHONE_FRAMES: readonly [string, PhoneFrame, string][] = [
  ['register', { type: 'register', key: keyOf(0x11), revoked: [] }, `01${'11'.repeat(32)}`],
  [
    'register with two revoked keys',
    { type: 'register', key: keyOf(0x11), revoked: [keyOf(0x22), keyOf(0x33)] },
    `01${'11'.repeat(32)}${'22'.repeat(32)}${'33'.repeat(32)}`,
  ],
  ['ringing', { type: 'reply', tunnelId: TUNNEL, reply: 'ringing' }, `02${'07'.repeat(16)}00`],
  ['gone', { type: 'reply', tunnelId: TUNNEL, reply: 'gone' }, `02${'07'.repeat(16)}01`],
  ['busy', { type: 'reply', tunnelId: TUNNEL, reply: 'busy' }, `02${'07'.repeat(16)}02`],
  ['ping', { type: 'ping' }, '03'],
]

const SERVICE_FRAMES: readonly [string, ServiceFrame, string][] = [
  ['registered', { type: 'registered', silenceLimitMs: 60_000 }, '810000ea60'],
  [
    'contact',
    { type: 'contact', routingId: ROUTING, tunnelId: TUNNEL, clientPayload: Uint8Array.of(0xa0) },
    `82010203${'07'.repeat(16)}a0`,
  ],
  ['pong', { type: 'pong' }, '83'],
]

describe('a frame of the phone', () => {
  it.each(PHONE_FRAMES)('%s', (_, frame, hex) => {
    expect(encodeHex(encodePhoneFrame(frame))).toBe(hex)
    expect(decodePhoneFrame(decodeHex(hex))).toEqual(frame)
    atEveryTruncation(decodeHex(hex), decodePhoneFrame)
  })

  it.each([
    ['nothing', ''],
    ['an unknown tag', '00'],
    ['a tag of the service', '83'],
    ['a register without a key', '01'],
    ['a register with half a key', `01${'11'.repeat(31)}`],
    ['a register with a key and a half', `01${'11'.repeat(48)}`],
    ['a register that revokes its own key', `01${'11'.repeat(32)}${'22'.repeat(32)}${'11'.repeat(32)}`],
    ['too many revoked keys', `01${'11'.repeat(32)}${'22'.repeat(32 * (MAX_REVOKED_KEYS + 1))}`],
    ['a reply without a word', `02${'07'.repeat(16)}`],
    ['a reply of another word', `02${'07'.repeat(16)}03`],
    ['a reply with more behind', `02${'07'.repeat(16)}0000`],
    ['a short tunnel ID', `02${'07'.repeat(15)}00`],
    ['a ping with more behind', '0300'],
  ])('is not %s', (_, hex) => {
    refuses(() => decodePhoneFrame(decodeHex(hex)), 'contact-frame-malformed')
  })

  it('may revoke 256 keys', () => {
    const revoked = Array.from({ length: MAX_REVOKED_KEYS }, () => keyOf(0x22))
    const frame: PhoneFrame = { type: 'register', key: keyOf(0x11), revoked }
    expect(decodePhoneFrame(encodePhoneFrame(frame))).toEqual(frame)
  })

  it('owns its bytes', () => {
    const bytes = encodePhoneFrame({ type: 'register', key: keyOf(0x11), revoked: [] })
    const frame = decodePhoneFrame(bytes)
    bytes.fill(0)
    expect(frame).toEqual({ type: 'register', key: keyOf(0x11), revoked: [] })
  })

  it('survives any bytes, and reads back as it was written or is refused', () => {
    survivesAnyBytes(
      bytes => {
        expect(encodePhoneFrame(decodePhoneFrame(bytes))).toEqual(bytes)
      },
      PHONE_FRAMES.map(([, , hex]) => decodeHex(hex)),
    )
  })
})

describe('a frame of the service', () => {
  it.each(SERVICE_FRAMES)('%s', (_, frame, hex) => {
    expect(encodeHex(encodeServiceFrame(frame))).toBe(hex)
    expect(decodeServiceFrame(decodeHex(hex))).toEqual(frame)
    atEveryTruncation(decodeHex(hex), decodeServiceFrame)
  })

  const ids = `010203${'07'.repeat(16)}`
  it.each([
    ['nothing', ''],
    ['a tag of the phone', '03'],
    ['a silence limit of 3 bytes', '8100ea60'],
    ['a silence limit of 5 bytes', '81000000ea60'],
    ['a silence limit of 999 ms', '81000003e7'],
    ['a silence limit of an hour and a millisecond', '810036ee81'],
    ['a contact without a payload', `82${ids}`],
    ['a contact with half its IDs', '82010203'],
    ['a contact with a payload of 1025 bytes', `82${ids}${'00'.repeat(1025)}`],
    ['a pong with more behind', '8300'],
  ])('is not %s', (_, hex) => {
    refuses(() => decodeServiceFrame(decodeHex(hex)), 'contact-frame-malformed')
  })

  it('survives any bytes, and reads back as it was written or is refused', () => {
    survivesAnyBytes(
      bytes => {
        expect(encodeServiceFrame(decodeServiceFrame(bytes))).toEqual(bytes)
      },
      SERVICE_FRAMES.map(([, , hex]) => decodeHex(hex)),
    )
  })
})

it('frames are read as they were written', () => {
  const bytes = (minLength: number, maxLength = minLength): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ minLength, maxLength })
  const key = bytes(32).map(lineKey)
  const tunnel = bytes(16).map(tunnelId)
  const phoneFrame: fc.Arbitrary<PhoneFrame> = fc.oneof(
    fc
      .record({ type: fc.constant('register' as const), key, revoked: fc.array(key, { maxLength: 5 }) })
      .filter(frame => !frame.revoked.some(each => equalBytes(each, frame.key))),
    fc.record({
      type: fc.constant('reply' as const),
      tunnelId: tunnel,
      reply: fc.constantFrom('ringing' as const, 'gone' as const, 'busy' as const),
    }),
  )
  const serviceFrame: fc.Arbitrary<ServiceFrame> = fc.oneof(
    fc.record({ type: fc.constant('registered' as const), silenceLimitMs: fc.integer(SILENCE_LIMIT_MS) }),
    fc.record({
      type: fc.constant('contact' as const),
      routingId: bytes(3).map(routingId),
      tunnelId: tunnel,
      clientPayload: bytes(1, 1024),
    }),
  )
  fc.assert(
    fc.property(phoneFrame, serviceFrame, (phone, service) => {
      expect(decodePhoneFrame(encodePhoneFrame(phone))).toEqual(phone)
      expect(decodeServiceFrame(encodeServiceFrame(service))).toEqual(service)
    }),
  )
})
