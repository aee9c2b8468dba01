import { describe, expect, it, test } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import {
  decodeClientPinRequest,
  decodeKeyAgreementResponse,
  encodeClientPinRequest,
  encodeKeyAgreementResponse,
} from '../../src/ctap/client-pin.js'
import { decodeHmacSecretInput, encodeHmacSecretInput } from '../../src/ctap/hmac-secret.js'
import { agreeOnSecret, IV_BYTES, PinUvAuthSecret } from '../../src/ctap/pin-uv-auth-protocol.js'
import { providers } from '../support/providers.js'
import { cases } from '../support/cases.js'

type Hex<Name extends string> = { readonly protocol: 1 | 2 } & Readonly<Record<Name, string>>

const FILE = 'pin-uv-auth-protocol'
const agreements = cases<Hex<'privateKey' | 'publicKey' | 'peerPublicKey' | 'plaintext' | 'ciphertext'>>(
  FILE,
  'agreements',
)
const secrets = cases<Hex<'z' | 'iv' | 'message' | 'ciphertext' | 'tag'>>(FILE, 'secrets')

describe.each(providers)('on $name', crypto => {
  it.each(agreements)('agrees as others do: $name', vector => {
    const own = crypto.importEcdhKey(decodeHex(vector.privateKey))
    expect(own.publicKey).toEqual(decodeHex(vector.publicKey))
    const secret = agreeOnSecret(
      crypto,
      vector.protocol,
      own,
      crypto.decodePoint(decodeHex(vector.peerPublicKey)),
    )
    const [plaintext, ciphertext] = [decodeHex(vector.plaintext), decodeHex(vector.ciphertext)]
    expect(secret.encrypt(plaintext, new Uint8Array(IV_BYTES))).toEqual(ciphertext)
    expect(secret.decrypt(ciphertext)).toEqual(plaintext)
  })

  it.each(secrets)('encrypts and authenticates as others do: $name', vector => {
    const secret = new PinUvAuthSecret(crypto, vector.protocol, decodeHex(vector.z))
    const [message, ciphertext, tag] = [vector.message, vector.ciphertext, vector.tag].map(decodeHex)
    expect(secret.encrypt(decodeHex(vector.message), decodeHex(vector.iv))).toEqual(ciphertext)
    expect(secret.decrypt(decodeHex(vector.ciphertext))).toEqual(message)
    expect(secret.authenticate(decodeHex(vector.message))).toEqual(tag)
  })

  it.each(secrets)('refuses other tags and broken blocks: $name', vector => {
    const secret = new PinUvAuthSecret(crypto, vector.protocol, decodeHex(vector.z))
    const [message, tag] = [decodeHex(vector.message), decodeHex(vector.tag)]
    expect(secret.verify(message, tag)).toBe(true)
    expect(secret.verify(message, tag.slice(1))).toBe(false)
    expect(secret.verify(message.slice(1), tag)).toBe(false)
    for (const length of [0, 15, 17]) expect(secret.decrypt(new Uint8Array(length))).toBeUndefined()
    expect(`${String(secret)} ${JSON.stringify(secret)}`).toBe('[redacted] "[redacted]"')
  })
})

const [{ privateKey, publicKey: point } = { privateKey: '', publicKey: '' }] = agreements
const { publicKey } = nobleProvider.importEcdhKey(decodeHex(privateKey))

test('the key agreement goes there and back', () => {
  const request = encodeClientPinRequest({ pinUvAuthProtocol: 2, subCommand: 2 })
  expect(request).toEqual(decodeHex('06a201020202'))
  expect(decodeClientPinRequest(request)).toEqual({ pinUvAuthProtocol: 2, subCommand: 2 })
  const response = encodeKeyAgreementResponse(publicKey)
  const [x, y] = [point.slice(2, 66), point.slice(66)]
  expect(response).toEqual(decodeHex(`00a101a501020338182001215820${x}225820${y}`))
  expect(decodeKeyAgreementResponse(response)).toEqual(publicKey)
  const offCurve = response.with(-1, (response.at(-1) ?? 0) ^ 1)
  expect(() => decodeKeyAgreementResponse(offCurve)).toThrow(
    expect.objectContaining({ code: 'point-invalid' }) as Error,
  )
})

test('the input of hmac-secret goes there and back, in protocol one unless it says', () => {
  const input = {
    keyAgreement: publicKey,
    saltEnc: new Uint8Array(32),
    saltAuth: new Uint8Array(16),
    pinUvAuthProtocol: 2,
  }
  const map = encodeHmacSecretInput(input)
  expect(decodeHmacSecretInput(map)).toEqual(input)
  const unnamed = new Map([...map].filter(([key]) => key !== 4))
  expect(decodeHmacSecretInput(unnamed).pinUvAuthProtocol).toBe(1)
})
