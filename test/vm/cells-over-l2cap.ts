import { beforeAll, expect, test } from 'vitest'
import { decodeQrUrl } from '../../src/wire.js'
import { lockedVersion } from '../peers/libwebauthn/program.js'
import { describePeer } from '../peers/support/peer.js'

interface Ceremony {
  readonly served: unknown
  readonly steps: readonly string[]
  readonly code: string
  /** What the laptop sent on each, in pieces of hex. */
  readonly channels: readonly (readonly string[])[]
}

interface Result {
  readonly registered: string
  readonly signedIn: string
  readonly dials: number
  readonly ceremonies: readonly [registration: Ceremony, signIn: Ceremony]
  /** A sign-in with a phone that expects each message to end with CR and LF. */
  readonly misread: Ceremony & { readonly end: object }
}

const LENGTH_BYTES = 4
/** Of a Noise message: a key, and a tag. */
const HANDSHAKE_BYTES = 65 + 16
/** Of libwebauthn’s goodbye: its type before 32 bytes of padding, and a tag. */
const GOODBYE_BYTES = 33 + 16

/** libwebauthn as the laptop over L2CAP. @param resultOf what the guest tells of it. */
export function cellsOverL2cap(lacks: string | undefined, resultOf: () => unknown): void {
  const version = (): string => lockedVersion('libwebauthn')
  describePeer({ name: 'libwebauthn over L2CAP', version, lacks }, () => {
    let result: Result
    beforeAll(() => {
      result = resultOf() as Result
    })

    test('its code offers the tunnel and the data channel', () => {
      for (const { code } of result.ceremonies)
        expect(decodeQrUrl(code)).toMatchObject({ dataChannels: [0, 1] })
    })

    test('registration, and sign-in with the passkey', () => {
      expect(result.registered).toMatch(/./)
      expect(result.signedIn).toBe(result.registered)
    })

    test('the data channel carries both', () => {
      for (const { served, channels } of result.ceremonies) {
        expect(served).toEqual({ answered: 1, proximity: 'bluetooth', dataChannel: 'ble' })
        expect(channels).toHaveLength(1)
      }
    })

    test('neither dials a tunnel service: the phone does not try, and the laptop has no way to one', () => {
      expect(result.dials).toBe(0)
      const steps = ['ProximityCheck', 'Connecting', 'Authenticating', 'Connected'].map(
        step => `PxpUpdate(${step})`,
      )
      for (const ceremony of result.ceremonies) expect(ceremony.steps.slice(0, steps.length)).toEqual(steps)
    })

    test('the length of each message stands before it, in 32 bits, the highest byte first, and nothing between', () => {
      for (const lengths of result.ceremonies.map(sent))
        expect(lengths).toEqual([HANDSHAKE_BYTES, expect.any(Number), GOODBYE_BYTES])
    })

    test('a phone that looks for CR and LF instead takes it for a stranger, and closes', () => {
      const { end, served } = result.misread
      expect(end).toEqual({ event: 'failed', error: 'Transport(ConnectionFailed)' })
      expect(served).toBe('aborted')
      expect(sent(result.misread)).toEqual([HANDSHAKE_BYTES])
    })

    test('the length and its message leave in one piece', () => {
      for (const { channels } of result.ceremonies)
        expect(bytesOf(channels[0]?.slice(0, 1) ?? [])).toHaveLength(LENGTH_BYTES + HANDSHAKE_BYTES)
    })

    test('it pads before it puts the type in front: request and goodbye are 32k + 17 bytes', () => {
      for (const lengths of result.ceremonies.map(sent))
        expect(lengths.slice(1).map(length => length % 32)).toEqual([17, 17])
    })
  })
}

/** The lengths of what the laptop has sent in a ceremony. */
const sent = ({ channels }: Ceremony): readonly number[] => lengthsIn(channels[0] ?? [])

function bytesOf(pieces: readonly string[]): Buffer {
  return Buffer.from(pieces.join(''), 'hex')
}

/** The lengths of the messages in a stream. @throws RangeError where one is cut. */
function lengthsIn(pieces: readonly string[]): readonly number[] {
  const [stream, lengths]: [Buffer, number[]] = [bytesOf(pieces), []]
  for (let at = 0; at < stream.length;) {
    const length = stream.readUInt32BE(at)
    at += LENGTH_BYTES + length
    if (at > stream.length) throw new RangeError(`a message of ${length} bytes is cut`)
    lengths.push(length)
  }
  return lengths
}
