import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { describe, expect, test } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { decodeBase64url } from '../../src/bytes/base64url.js'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeCbor } from '../../src/cbor/cbor.js'
import { bytes, map, mapReader } from '../../src/cbor/map-reader.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeCoseKey } from '../../src/ctap/cose-key.js'
import { decodeGetInfo } from '../../src/ctap/get-info.js'
import { alwaysApprove, createLab, createRelyingParty } from '../../src/testing.js'
import type { LabPhone } from '../../src/testing.js'
import { PHONE_PROFILES } from '../../src/virtual/phone-profiles.js'
import { MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'

const SCHEMES = [
  { name: 'ML-DSA-44', id: -48, scheme: ml_dsa44, keyBytes: 1312 },
  { name: 'ML-DSA-65', id: -49, scheme: ml_dsa65, keyBytes: 1952 },
  { name: 'ML-DSA-87', id: -50, scheme: ml_dsa87, keyBytes: 2592 },
] as const
const SPKI_HEADER_BYTES = 22
const ORIGIN = 'https://login.example.com'

const sha256 = (data: Uint8Array): Uint8Array => nodeCryptoProvider.sha256(data)

interface Signed {
  readonly authenticatorData: Uint8Array
  readonly clientDataJSON: string
}

/** What an authenticator signs (WebAuthn L3 section 6.3.3). */
const signedBytes = ({ authenticatorData, clientDataJSON }: Signed): Uint8Array =>
  concatBytes(authenticatorData, sha256(decodeBase64url(clientDataJSON)))

function ceremonyOf(phone: LabPhone): { origin: string; onQr: (qr: { url: string }) => Promise<void> } {
  return {
    origin: ORIGIN,
    onQr: async ({ url }) => {
      await phone.scan(url)
    },
  }
}

describe.each(SCHEMES)('a passkey of $name', ({ id, scheme, keyBytes }) => {
  test('is registered with an attestation of its own, and signs in', async () => {
    const lab = createLab()
    const rp = await createRelyingParty({ origin: ORIGIN })
    const phone = lab.phone({ algorithms: [id], attestation: { format: 'packed' } })
    const client = lab.client()
    const options = await rp.creationOptions({ supportedAlgorithmIDs: [id, -7], attestationType: 'direct' })
    const { response } = await client.create(options, ceremonyOf(phone))

    const object = mapReader(
      decodeCbor(decodeBase64url(response.attestationObject)),
      'attestation object',
      'ctap-malformed',
    )
    const authenticatorData = object.required('authData', bytes())
    const { publicKey = new Uint8Array() } =
      decodeAuthenticatorData(authenticatorData).attestedCredential ?? {}
    const key = decodeCoseKey(publicKey)
    if (key.type !== 'akp') throw new Error('not a key of ML-DSA')
    expect(key.publicKey).toHaveLength(keyBytes)
    expect(response.publicKeyAlgorithm).toBe(id)
    expect(decodeBase64url(response.publicKey ?? '').subarray(SPKI_HEADER_BYTES)).toEqual(key.publicKey)

    const statement = object.required('attStmt', map)
    expect(statement.get('alg')).toBe(id)
    const attested = signedBytes({ authenticatorData, clientDataJSON: response.clientDataJSON })
    expect(scheme.verify(statement.get('sig') as Uint8Array, attested, key.publicKey)).toBe(true)
    expect(await phone.store.list()).toMatchObject([{ algorithm: id, privateKey: { length: 32 } }])

    const { response: signIn } = await client.get(await rp.requestOptions(), ceremonyOf(phone))
    const signed = signedBytes({ ...signIn, authenticatorData: decodeBase64url(signIn.authenticatorData) })
    const signature = decodeBase64url(signIn.signature)
    expect(scheme.verify(signature, signed, key.publicKey)).toBe(true)
    signature[0] = (signature[0] ?? 0) ^ 1
    expect(scheme.verify(signature, signed, key.publicKey)).toBe(false)
  })
})

describe('the algorithm of a new passkey', () => {
  test.each([
    { has: [-48, -7], wanted: [-7, -48], made: -7 },
    { has: [-7, -48], wanted: [-48, -7], made: -48 },
    { has: [-7, -48, -49], wanted: [-50, -49, -48], made: -49 },
    { has: undefined, wanted: [-48, -49, -50, -8, -7], made: -8 },
  ])('is the first wanted $wanted that the phone has $has', async ({ has, wanted, made }) => {
    const lab = createLab()
    const rp = await createRelyingParty({ origin: ORIGIN })
    const phone = lab.phone({ algorithms: has })
    const options = await rp.creationOptions({ supportedAlgorithmIDs: wanted })
    const { response } = await lab.client().create(options, ceremonyOf(phone))
    expect(response.publicKeyAlgorithm).toBe(made)
  })

  test('does not exist where the relying party wants only ML-DSA, of a phone without it', async () => {
    const lab = createLab()
    const rp = await createRelyingParty({ origin: ORIGIN })
    const options = await rp.creationOptions({ supportedAlgorithmIDs: [-48] })
    await expect(lab.client().create(options, ceremonyOf(lab.phone()))).rejects.toMatchObject({
      name: 'NotSupportedError',
    })
  })

  test('is listed in getInfo of a phone that was given it', () => {
    const [store, random] = [
      new MemoryCredentialStore(),
      { bytes: (length: number) => new Uint8Array(length) },
    ]
    const phone = new VirtualAuthenticator({ store, random, consent: alwaysApprove(), algorithms: [-48, -7] })
    expect(decodeGetInfo(phone.getInfo()).algorithms).toEqual([-48, -7])
  })

  test('is ML-DSA in no profile of a real phone', () => {
    for (const { algorithms } of Object.values(PHONE_PROFILES))
      expect(algorithms.filter(id => id <= -48 && id >= -50)).toEqual([])
  })
})
