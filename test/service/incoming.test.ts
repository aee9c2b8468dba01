import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Incoming, MAX_FRAGMENTS } from '../../src/service/incoming.js'

const PIECE = 512
const FRAGMENT = 8192

/** A client’s frame of zeros with a mask of zeros. */
function frame(opcode: number, length: number): Uint8Array {
  const longer = length < 126 ? [] : length < 65_536 ? [length >> 8, length & 0xff] : [0, 0, 0, 0]
  const lengths = length < 126 ? [length] : length < 65_536 ? [126, ...longer] : [127, ...longer]
  const inEight = length < 65_536 ? [] : [0, length >> 16, (length >> 8) & 0xff, length & 0xff]
  const head = [opcode, 0x80 | (lengths[0] ?? 0), ...lengths.slice(1), ...inEight, 0, 0, 0, 0]
  return Uint8Array.from([...head, ...new Uint8Array(length)])
}

const WHOLE = 0x82
const FIRST = 0x02
const NEXT = 0x00
const LAST = 0x80
const PING = 0x89

function fed(...pieces: readonly Uint8Array[]): Incoming {
  const incoming = new Incoming()
  for (const piece of pieces) incoming.piece(piece)
  return incoming
}

describe('what is kept of a message', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536])('of %d bytes is nothing when it is whole', length => {
    const incoming = new Incoming()
    expect(incoming.piece(frame(WHOLE, length))).toBe(false)
    expect(incoming.charge).toBe(0)
  })

  it.each([0, 1, 125, 126, 65_535, 65_536])('of %d bytes is all but its last byte before that', length => {
    const bytes = frame(WHOLE, length)
    const incoming = fed(bytes.slice(0, -1))
    expect(incoming.charge).toBe(bytes.length - 1 + PIECE)
    expect(incoming.piece(bytes.slice(-1))).toBe(true)
    expect(incoming.charge).toBe(0)
  })

  it('counts each piece, and all of the piece that it begins in', () => {
    const incoming = fed(Uint8Array.from([...frame(WHOLE, 90), ...frame(WHOLE, 50).slice(0, 10)]))
    expect(incoming.charge).toBe(96 + 10 + PIECE)
    incoming.piece(new Uint8Array(1))
    expect(incoming.charge).toBe(96 + 11 + 2 * PIECE)
  })

  it('counts fragments, and the pings among them, until the last fragment', () => {
    const incoming = fed(frame(FIRST, 1), frame(PING, 100), frame(NEXT, 1))
    expect(incoming.charge).toBe(7 + 106 + 7 + 3 * PIECE + 2 * FRAGMENT)
    incoming.piece(frame(LAST, 1))
    expect(incoming.charge).toBe(0)
  })

  it('is nothing after a ping by itself', () => {
    expect(fed(frame(PING, 5).slice(0, 3)).charge).toBe(3 + PIECE)
    expect(fed(frame(PING, 5)).charge).toBe(0)
  })

  it('is the same however whole messages are cut', () => {
    const kinds = [WHOLE, PING].flatMap(opcode => [0, 3, 125].map(length => frame(opcode, length)))
    const messages = fc.array(fc.constantFrom(...kinds, frame(WHOLE, 300)), { maxLength: 8 })
    fc.assert(
      fc.property(messages, fc.array(fc.nat(400), { maxLength: 20 }), (whole, cuts) => {
        const bytes = Uint8Array.from(whole.flatMap(each => [...each]))
        const at = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
        const pieces = at.slice(1).map((end, index) => bytes.slice(at[index], end))
        expect(fed(...pieces.filter(({ length }) => length > 0)).charge).toBe(0)
      }),
    )
  })
})

describe('a message in crumbs', () => {
  const crumbs = (count: number, size: number): boolean => {
    const head = frame(WHOLE, 100_000).slice(0, 14)
    return fed(head, ...Array.from({ length: count - 1 }, () => new Uint8Array(size))).isCrumbled
  }

  it('is one of more than 128 pieces that are small', () => {
    expect(crumbs(128, 1)).toBe(false)
    expect(crumbs(129, 1)).toBe(true)
  })

  it('does not count for pieces as large as network packets', () => {
    expect(crumbs(300, 256)).toBe(false)
    expect(crumbs(300, 100)).toBe(true)
  })

  it('is one of more than 64 fragments', () => {
    const fragments = Array.from({ length: MAX_FRAGMENTS - 1 }, () => frame(NEXT, 1000))
    expect(fed(frame(FIRST, 1000), ...fragments).isCrumbled).toBe(false)
    expect(fed(frame(FIRST, 1000), ...fragments, frame(NEXT, 1000)).isCrumbled).toBe(true)
  })
})
