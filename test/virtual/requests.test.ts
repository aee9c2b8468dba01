import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborValue } from '../../src/cbor/value.js'
import { encodeGetAssertionRequest } from '../../src/ctap/get-assertion.js'
import { decodeGetInfo } from '../../src/ctap/get-info.js'
import { encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { CTAP_STATUS } from '../../src/ctap/status.js'
import { createTestPhone, GET_ASSERTION, MAKE_CREDENTIAL, registered } from '../support/virtual-phone.js'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

describe('getInfo', () => {
  it('is a phone’s', () => {
    const { phone } = createTestPhone()
    expect(decodeGetInfo(phone.getInfo())).toEqual({
      versions: ['FIDO_2_0', 'FIDO_2_1'],
      extensions: ['credProtect', 'largeBlob', 'prf'],
      aaguid: new Uint8Array(16),
      options: new Map([
        ['rk', true],
        ['up', true],
        ['uv', true],
        ['plat', false],
      ]),
      maxMsgSize: 65_536,
      transports: ['internal', 'hybrid'],
      algorithms: [-7, -8, -257],
    })
  })

  it('is answered on the wire too, with its status', async () => {
    const phone = createTestPhone()
    const expected = concatBytes(Uint8Array.of(0), phone.phone.getInfo())
    expect(await phone.send(Uint8Array.of(4))).toEqual(expected)
  })

  it.each([65_535, 65_536, 65_537])('promises no more than it takes: %i bytes', async size => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    const { maxMsgSize = 0 } = decodeGetInfo(phone.phone.getInfo())
    expect(maxMsgSize).toBe(65_536)
    const named = (count: number, last: number): Uint8Array => {
      const others = Array.from({ length: count }, () => new Uint8Array(16))
      const ids = [...others, new Uint8Array(last), id]
      const allowList = ids.map(each => ({ id: each, type: 'public-key' }))
      return encodeGetAssertionRequest({ ...GET_ASSERTION, allowList })
    }
    const few = named(1700, 300)
    const request = named(1700, 300 + size - few.length)
    expect(request).toHaveLength(size)
    expect((await phone.send(request))?.[0]).toBe(0)
  })

  it('carries the AAGUID', () => {
    const aaguid = new Uint8Array(16).fill(7)
    expect(decodeGetInfo(createTestPhone(undefined, { aaguid }).phone.getInfo()).aaguid).toEqual(aaguid)
  })
})

const MEMBERS: readonly (readonly [CborKey, CborValue])[] = [
  [1, new Uint8Array(32)],
  [2, cborMap([['id', 'a.b']])],
  [3, cborMap([['id', new Uint8Array(1)]])],
  [
    4,
    [
      cborMap([
        ['alg', -7],
        ['type', 'public-key'],
      ]),
    ],
  ],
]

/** makeCredential with some members changed, or left out when undefined. */
function makeCredential(changes: readonly (readonly [CborKey, CborValue | undefined])[]): Uint8Array {
  return concatBytes(Uint8Array.of(1), encodeCbor(cborMap([...new Map([...MEMBERS, ...changes])])))
}

describe('bytes that are not a request', () => {
  it.each([
    ['nothing', 0x03, ''],
    ['getInfo with parameters', 0x03, '04a0'],
    ['clientPin', 0x01, '06a0'],
    ['reset', 0x01, '07'],
    ['getNextAssertion without a sign-in before', 0x30, '08'],
    ['getNextAssertion with parameters', 0x03, '08a0'],
    ['selection with parameters', 0x03, '0ba0'],
    ['a vendor’s command', 0x01, '40'],
    ['makeCredential without parameters', 0x12, '01'],
    ['getAssertion without parameters', 0x12, '02'],
    ['a map cut short', 0x12, '01a1'],
    ['a map out of order', 0x12, '02a2020001626964'],
    ['an indefinite map', 0x12, '02bfff'],
    ['text that is no UTF-8', 0x12, '02a10161ff'],
    ['stray bytes', 0x12, '02a000'],
    ['no map', 0x11, '0180'],
    ['keys that are booleans', 0x11, '02a1f5f5'],
    ['keys that are byte strings', 0x14, '02a14100f5'],
    ['too deep', 0x15, `02${'81'.repeat(40)}00`],
    ['an empty makeCredential', 0x14, '01a0'],
    ['an empty getAssertion', 0x14, '02a0'],
    ['a getAssertion without hash', 0x14, '02a10163612e62'],
    ['a getAssertion with a number as RP ID', 0x11, `02a20101025820${'00'.repeat(32)}`],
    ['a getAssertion with a short hash', 0x11, '02a20163612e62024100'],
  ])('%s: status %i', async (_, status, hex) => {
    expect(await createTestPhone().send(bytes(hex))).toEqual(Uint8Array.of(status))
  })

  it.each<[string, number, readonly (readonly [CborKey, CborValue | undefined])[]]>([
    ['no hash', 0x14, [[1, undefined]]],
    ['no relying party', 0x14, [[2, undefined]]],
    ['no RP ID', 0x14, [[2, cborMap([['name', 'x']])]]],
    ['no user', 0x14, [[3, undefined]]],
    ['no user handle', 0x14, [[3, cborMap([['name', 'x']])]]],
    ['no algorithms', 0x14, [[4, undefined]]],
    ['a hash of text', 0x11, [[1, 'hash']]],
    ['a relying party of text', 0x11, [[2, 'a.b']]],
    ['a user handle of text', 0x11, [[3, cborMap([['id', 'x']])]]],
    ['algorithms in a map', 0x11, [[4, cborMap([])]]],
    ['an exclude list of numbers', 0x11, [[5, [1]]]],
    ['options of numbers', 0x11, [[7, cborMap([['rk', 1]])]]],
  ])('makeCredential with %s: status %i', async (_, status, changes) => {
    const phone = createTestPhone()
    expect((await phone.send(makeCredential([])))?.[0]).toBe(0)
    expect(await phone.send(makeCredential(changes))).toEqual(Uint8Array.of(status))
    expect(phone.asked).toHaveLength(1)
  })

  it('leaves room for members of later versions', async () => {
    const changes = [
      [999, 'later'],
      [
        2,
        cborMap([
          ['id', 'a.b'],
          ['icon', 'x'],
        ]),
      ],
    ] as const
    expect((await createTestPhone().send(makeCredential(changes)))?.[0]).toBe(0)
  })
})

describe('any bytes', () => {
  const REAL = [
    encodeMakeCredentialRequest(MAKE_CREDENTIAL),
    encodeGetAssertionRequest({
      ...GET_ASSERTION,
      allowList: [{ id: new Uint8Array(32), type: 'public-key' }],
    }),
    Uint8Array.of(4),
  ]
  const STATUSES: ReadonlySet<number> = new Set(Object.values(CTAP_STATUS))

  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
  const damaged = fc.tuple(fc.constantFrom(...REAL), edits).map(([request, changes]) => {
    const copy = Uint8Array.from(request)
    for (const [position, byte] of changes) copy[position % copy.length] = byte
    return copy
  })

  it('get a known status, and never an exception', async () => {
    const phone = createTestPhone(() => Promise.resolve({ approved: false, how: 'deny' }))
    const response = async (request: Uint8Array): Promise<void> => {
      const answer = await phone.send(request)
      expect(STATUSES.has(answer?.[0] ?? -1)).toBe(true)
      if (answer?.[0] !== CTAP_STATUS.SUCCESS) expect(answer).toHaveLength(1)
    }
    await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), response), {
      numRuns: 10_000,
    })
    expect(phone.faults).toEqual([])
  })

  it('are not changed, at any truncation', async () => {
    const phone = createTestPhone()
    for (const request of REAL) {
      for (let length = 0; length < request.length; length++) {
        const cut = request.slice(0, length)
        expect((await phone.send(cut))?.[0]).not.toBe(CTAP_STATUS.ERR_OTHER)
        expect(cut).toEqual(request.slice(0, length))
      }
    }
    expect(phone.asked).toEqual([])
  })
})
