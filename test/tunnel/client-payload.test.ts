import { describe, expect, it } from 'vitest'
import { clientNonce, linkId } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborValue } from '../../src/cbor/value.js'
import { decodeClientPayload, encodeClientPayload } from '../../src/tunnel/client-payload.js'
import { CLIENT_PAYLOAD_HEADER } from '../../src/tunnel/headers.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { onlyCase } from '../support/cases.js'

interface StateAssisted {
  readonly linkId: string
  readonly clientNonce: string
  readonly clientPayloadGa: string
  readonly clientPayloadMc: string
  readonly header: string
}

const stateAssisted = onlyCase<StateAssisted>('linking', 'stateAssisted')
const link = linkId(decodeHex(stateAssisted.linkId))
const nonce = clientNonce(decodeHex(stateAssisted.clientNonce))
const vectors = [
  { requestType: 'ga', hex: stateAssisted.clientPayloadGa },
  { requestType: 'mc', hex: stateAssisted.clientPayloadMc },
] as const

describe('the client payload', () => {
  it.each(vectors)('is written and read: $requestType', ({ requestType, hex }) => {
    const payload = { linkId: link, clientNonce: nonce, requestType }
    expect(encodeHex(encodeClientPayload(payload))).toBe(hex)
    expect(decodeClientPayload(decodeHex(hex))).toEqual(payload)
  })

  it.each(vectors)('is refused when cut: $requestType', ({ hex }) => {
    const bytes = decodeHex(hex)
    atEveryTruncation(bytes, decodeClientPayload)
    for (let length = 0; length < bytes.length; length++) {
      refuses(() => decodeClientPayload(bytes.subarray(0, length)), 'cbor-malformed')
    }
  })

  it('goes into its header in upper-case hex', () => {
    const hex = stateAssisted.clientPayloadGa.toUpperCase()
    expect(`${CLIENT_PAYLOAD_HEADER}: ${hex}`).toBe(stateAssisted.header)
    expect(decodeClientPayload(decodeHex(hex)).requestType).toBe('ga')
  })

  it('may have other members', () => {
    const bytes = withMember(65_535, 0)
    expect(decodeClientPayload(bytes)).toEqual(decodeClientPayload(decodeHex(vectors[0].hex)))
  })

  it.each([
    ['a link ID of 7 bytes', 1, new Uint8Array(7)],
    ['a link ID of 9 bytes', 1, new Uint8Array(9)],
    ['no link ID', 1, undefined],
    ['a nonce of 15 bytes', 2, new Uint8Array(15)],
    ['a nonce that is text', 2, 'x'],
    ['no nonce', 2, undefined],
    ['another request type', 3, 'dcp'],
    ['a request type that is no text', 3, 1],
    ['no request type', 3, undefined],
  ])('is refused with %s', (_, key, value) => {
    refuses(() => decodeClientPayload(withMember(key, value)), 'client-payload-malformed')
  })

  it('is refused when it is not a map', () => {
    refuses(() => decodeClientPayload(decodeHex('80')), 'client-payload-malformed')
  })

  it('survives any bytes', () => {
    survivesAnyBytes(
      decodeClientPayload,
      vectors.map(({ hex }) => decodeHex(hex)),
    )
  })
})

function withMember(key: CborKey, value: CborValue | undefined): Uint8Array {
  const members = new Map<CborKey, CborValue | undefined>([
    [1, link],
    [2, nonce],
    [3, 'ga'],
  ])
  return encodeCbor(cborMap(members.set(key, value)))
}
