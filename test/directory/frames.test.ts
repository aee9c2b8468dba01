import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routingId, tunnelId } from '../../src/bytes/brands.js'
import { contactTag } from '../../src/bytes/contact-tag.js'
import { DecodeError } from '../../src/errors.js'
import {
  decodeAge,
  decodeAnswer,
  decodeMemberFrame,
  encodeAge,
  encodeAnswer,
  encodeMemberFrame,
} from '../../src/adapters/directory/frames.js'
import type { MemberFrame } from '../../src/adapters/directory/frames.js'
import { decodeEnvelope, encodeEnvelope } from '../../src/adapters/redis/questions.js'
import type { Envelope } from '../../src/adapters/redis/questions.js'

const MEMBER = contactTag('AAAAAAAAAAAAAAAAAAAAA_')
const TAG = contactTag('bbbbbbbbbbbbbbbbbbbbb-')
const IDS = { routingId: routingId(Uint8Array.of(1, 2, 3)), tunnelId: tunnelId(new Uint8Array(16).fill(7)) }

const FRAMES: readonly (readonly [MemberFrame, string])[] = [
  [{ type: 'call', ...IDS, clientPayload: Uint8Array.of(0xa0) }, `01010203${'07'.repeat(16)}a0`],
  [{ type: 'held', at: 1.5, member: MEMBER }, `023ff8000000000000${'41'.repeat(21)}5f`],
  [{ type: 'holds', at: 0, member: MEMBER }, `030000000000000000${'41'.repeat(21)}5f`],
  [{ type: 'revoked', contacts: [TAG, MEMBER] }, `04${'62'.repeat(21)}2d${'41'.repeat(21)}5f`],
  [{ type: 'hello', member: MEMBER }, `05${'41'.repeat(21)}5f`],
  [{ type: 'here', member: MEMBER }, `06${'41'.repeat(21)}5f`],
  [{ type: 'bye', member: MEMBER }, `07${'41'.repeat(21)}5f`],
  [{ type: 'moving', member: MEMBER }, `08${'41'.repeat(21)}5f`],
  [{ type: 'ping' }, '09'],
  [{ type: 'age', contact: TAG }, `0a${'62'.repeat(21)}2d`],
]

describe('a frame of a member', () => {
  it.each(FRAMES)('%j is written and read', (frame, hex) => {
    expect(Buffer.from(encodeMemberFrame(frame)).toString('hex')).toBe(hex)
    expect(decodeMemberFrame(encodeMemberFrame(frame))).toEqual(frame)
  })

  it.each(FRAMES)('%j is refused when it is cut or too long', frame => {
    const bytes = encodeMemberFrame(frame)
    // What is longer by a byte is another call.
    if (frame.type !== 'call')
      expect(() => decodeMemberFrame(Uint8Array.of(...bytes, 0x41))).toThrow(DecodeError)
    for (let length = 0; length < bytes.length; length++) {
      if (frame.type === 'revoked' && length === 23) continue
      expect(() => decodeMemberFrame(bytes.subarray(0, length)), `${length}`).toThrow(DecodeError)
    }
  })

  it.each([
    [1024, true],
    [1025, false],
  ])('with a client payload of %i bytes: %s', (length, isFine) => {
    const bytes = encodeMemberFrame({ type: 'call', ...IDS, clientPayload: new Uint8Array(length) })
    if (isFine) expect(decodeMemberFrame(bytes)).toMatchObject({ type: 'call' })
    else expect(() => decodeMemberFrame(bytes)).toThrow(DecodeError)
  })

  it.each([
    [256, true],
    [257, false],
  ])('with %i revoked contacts: %s', (length, isFine) => {
    const bytes = encodeMemberFrame({ type: 'revoked', contacts: Array.from({ length }, () => TAG) })
    if (isFine) expect(decodeMemberFrame(bytes)).toMatchObject({ type: 'revoked' })
    else expect(() => decodeMemberFrame(bytes)).toThrow(DecodeError)
  })

  it.each(['7ff0000000000000', '7ff8000000000000', 'fff0000000000000'])(
    'with the time %s is refused',
    time => {
      const bytes = Buffer.from(`02${time}${'41'.repeat(22)}`, 'hex')
      expect(() => decodeMemberFrame(bytes)).toThrow(DecodeError)
    },
  )

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        for (const decode of [decodeMemberFrame, decodeAnswer, decodeAge, decodeEnvelope])
          try {
            decode(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError)
          }
      }),
    )
  })
})

it.each([
  ['ringing', 0],
  ['gone', 1],
  ['busy', 2],
  ['too-often', 3],
] as const)('the answer %s is %i', (answer, byte) => {
  expect([...encodeAnswer(answer)]).toEqual([0x81, byte])
  expect(decodeAnswer(encodeAnswer(answer))).toBe(answer)
})

it.each(['', '81', '8104', '810000', '8000'])('the answer %s is refused', hex => {
  expect(() => decodeAnswer(Buffer.from(hex, 'hex'))).toThrow(DecodeError)
})

it('an age is written and read, and other bytes are refused', () => {
  expect(Buffer.from(encodeAge(1.5)).toString('hex')).toBe('8a3ff8000000000000')
  expect(decodeAge(encodeAge(1.5))).toBe(1.5)
  for (const hex of [
    '',
    '8a',
    '8a3ff80000000000',
    '8a3ff800000000000000',
    '893ff8000000000000',
    '8a7ff0000000000000',
  ])
    expect(() => decodeAge(Buffer.from(hex, 'hex')), hex).toThrow(DecodeError)
})

it.each<Envelope>([
  { kind: 'said', frame: Uint8Array.of(9) },
  { kind: 'asked', member: MEMBER, number: 0xffff_ffff, frame: Uint8Array.of(9) },
  { kind: 'answered', number: 1, frame: Uint8Array.of(0x89) },
])('a message on Redis is written and read: %j', envelope => {
  expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope)
})

it.each(['', '03', '0200000', `01${'41'.repeat(25)}`])('a message on Redis is refused: %s', hex => {
  expect(decodeEnvelope(Buffer.from(hex, 'hex'))).toBeUndefined()
})
