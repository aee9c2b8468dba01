import { createCipheriv, createHmac } from 'node:crypto'
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
import { agreeOnSecret, PinUvAuthSecret } from '../../src/ctap/pin-uv-auth-protocol.js'
import { providers } from '../support/providers.js'
import { fixture } from '../support/fixture.js'

type Hex<Name extends string> = Readonly<Record<Name, string>>
const { protocol1, protocol2 } = fixture<{
  protocol1: Hex<'privateKey' | 'publicKey' | 'peer' | 'key' | 'plaintext' | 'ciphertext'>
  protocol2: Hex<'z' | 'hmacKey' | 'aesKey'>
}>('pin-uv-auth-protocol')

const IV = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index)
const MESSAGE = Uint8Array.from({ length: 64 }, (_, index) => index)

function cbc(key: string, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(key, 'hex'), iv).setAutoPadding(false)
  return Uint8Array.from(Buffer.concat([cipher.update(plaintext), cipher.final()]))
}

function hmac(key: string, message: Uint8Array): Uint8Array {
  return Uint8Array.from(createHmac('sha256', Buffer.from(key, 'hex')).update(message).digest())
}

describe.each(providers)('on $name', crypto => {
  const z = decodeHex(protocol2.z)

  it('agrees in protocol one as others do', () => {
    const own = crypto.importEcdhKey(decodeHex(protocol1.privateKey))
    expect(own.publicKey).toEqual(decodeHex(protocol1.publicKey))
    const secret = agreeOnSecret(crypto, 1, own, crypto.decodePoint(decodeHex(protocol1.peer)))
    const [plaintext, ciphertext] = [decodeHex(protocol1.plaintext), decodeHex(protocol1.ciphertext)]
    expect(secret.encrypt(plaintext, IV)).toEqual(ciphertext)
    expect(secret.decrypt(ciphertext)).toEqual(plaintext)
    expect(secret.encrypt(MESSAGE, IV)).toEqual(cbc(protocol1.key, new Uint8Array(16), MESSAGE))
    expect(secret.authenticate(MESSAGE)).toEqual(hmac(protocol1.key, MESSAGE).slice(0, 16))
  })

  it('derives, encrypts and authenticates in protocol two as others do', () => {
    const secret = new PinUvAuthSecret(crypto, 2, z)
    const ciphertext = Uint8Array.of(...IV, ...cbc(protocol2.aesKey, IV, MESSAGE))
    expect(secret.encrypt(MESSAGE, IV)).toEqual(ciphertext)
    expect(secret.decrypt(ciphertext)).toEqual(MESSAGE)
    expect(secret.authenticate(MESSAGE)).toEqual(hmac(protocol2.hmacKey, MESSAGE))
  })

  it.each([1, 2] as const)('refuses other tags and broken blocks in protocol %i', protocol => {
    const secret = new PinUvAuthSecret(crypto, protocol, z)
    const tag = secret.authenticate(MESSAGE)
    expect(secret.verify(MESSAGE, tag)).toBe(true)
    expect(secret.verify(MESSAGE, tag.slice(1))).toBe(false)
    expect(secret.verify(MESSAGE.slice(1), tag)).toBe(false)
    for (const length of [0, 15, 17]) expect(secret.decrypt(new Uint8Array(length))).toBeUndefined()
    expect(`${String(secret)} ${JSON.stringify(secret)}`).toBe('[redacted] "[redacted]"')
  })
})

const { publicKey } = nobleProvider.importEcdhKey(decodeHex(protocol1.privateKey))

test('the key agreement goes there and back', () => {
  const request = encodeClientPinRequest({ pinUvAuthProtocol: 2, subCommand: 2 })
  expect(request).toEqual(decodeHex('06a201020202'))
  expect(decodeClientPinRequest(request)).toEqual({ pinUvAuthProtocol: 2, subCommand: 2 })
  const response = encodeKeyAgreementResponse(publicKey)
  const [x, y] = [protocol1.publicKey.slice(2, 66), protocol1.publicKey.slice(66)]
  expect(response).toEqual(decodeHex(`00a101a501020338182001215820${x}225820${y}`))
  expect(decodeKeyAgreementResponse(nobleProvider, response)).toEqual(publicKey)
  const offCurve = response.with(-1, (response.at(-1) ?? 0) ^ 1)
  expect(() => decodeKeyAgreementResponse(nobleProvider, offCurve)).toThrow(
    expect.objectContaining({ code: 'point-invalid' }) as Error,
  )
})

test('the input of hmac-secret goes there and back, in protocol one unless it says', () => {
  const input = { keyAgreement: publicKey, saltEnc: MESSAGE, saltAuth: IV, pinUvAuthProtocol: 2 }
  const map = encodeHmacSecretInput(input)
  expect(decodeHmacSecretInput(nobleProvider, map)).toEqual(input)
  const unnamed = new Map([...map].filter(([key]) => key !== 4))
  expect(decodeHmacSecretInput(nobleProvider, unnamed).pinUvAuthProtocol).toBe(1)
})
