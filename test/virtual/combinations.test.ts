import { SettingsService } from '@simplewebauthn/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeBase64url } from '../../src/bytes/base64url.js'
import { decodeCbor } from '../../src/cbor/cbor.js'
import { bytes, map, mapReader, text } from '../../src/cbor/map-reader.js'
import type { MapReader } from '../../src/cbor/map-reader.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import type { Attestation } from '../../src/virtual.js'
import { makeAttestationChain } from '../support/attestation-chain.js'

const AAGUID = Uint8Array.from({ length: 16 }, (_, index) => index + 1)
const REQUIREMENTS = ['discouraged', 'preferred', 'required'] as const
const ALGORITHMS = { ES256: -7, EdDSA: -8, RS256: -257 } as const
const ATTESTATIONS = ['none', 'packed self', 'packed basic'] as const

const COMBINATIONS = Object.entries(ALGORITHMS).flatMap(([name, algorithm]) =>
  ATTESTATIONS.flatMap(attestation =>
    REQUIREMENTS.flatMap(residentKey =>
      REQUIREMENTS.map(
        userVerification => ({ name, algorithm, attestation, residentKey, userVerification }) as const,
      ),
    ),
  ),
)

let attestations: Readonly<Record<(typeof ATTESTATIONS)[number], Attestation>>

beforeAll(async () => {
  const { attestation, root } = await makeAttestationChain(AAGUID)
  SettingsService.setRootCertificates({ identifier: 'packed', certificates: [root] })
  attestations = {
    none: { format: 'none' },
    'packed self': { format: 'packed' },
    'packed basic': attestation,
  }
})

/** fmt 1 and authData 2 in CTAP have names in WebAuthn’s attestation object. */
const attestationObject = (encoded: string): MapReader<string> =>
  mapReader(decodeCbor(decodeBase64url(encoded)), 'attestation object', 'ctap-malformed')

describe('an independent relying party verifies registration and sign-in', () => {
  test.each(COMBINATIONS)(
    '$name, $attestation, resident key $residentKey, user verification $userVerification',
    async ({ algorithm, attestation, residentKey, userVerification }) => {
      const lab = createLab()
      const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
      const phone = lab.phone({ aaguid: AAGUID, attestation: attestations[attestation] })
      const client = lab.client()
      const ceremony = { origin: rp.origin, onQr: (qr: { url: string }) => phone.scan(qr.url) }

      const options = await rp.creationOptions({
        attestationType: 'direct',
        supportedAlgorithmIDs: [algorithm],
        authenticatorSelection: { residentKey, userVerification },
      })
      const response = await client.create(options, ceremony)
      const { id } = await rp.register(response)

      const object = attestationObject(response.response.attestationObject)
      const { aaguid } =
        decodeAuthenticatorData(object.required('authData', bytes())).attestedCredential ?? {}
      expect(object.required('fmt', text)).toBe(attestation.split(' ')[0])
      expect(object.required('attStmt', map).has('x5c')).toBe(attestation === 'packed basic')
      expect(aaguid).toEqual(AAGUID)
      expect(await phone.store.list()).toMatchObject([
        {
          algorithm,
          discoverable: residentKey !== 'discouraged',
          credentialId: decodeBase64url(id),
        },
      ])

      const allowCredentials = residentKey === 'discouraged' ? [{ id }] : []
      const signingIn = await rp.requestOptions({ userVerification, allowCredentials })
      expect((await rp.signIn(await client.get(signingIn, ceremony))).id).toBe(id)
    },
  )
})

test('a chain for another AAGUID is refused by the relying party', async () => {
  const lab = createLab()
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const phone = lab.phone({ attestation: attestations['packed basic'] })
  const options = await rp.creationOptions({ attestationType: 'direct' })
  const response = await lab.client().create(options, { origin: rp.origin, onQr: qr => phone.scan(qr.url) })
  await expect(rp.register(response)).rejects.toThrow(/AAGUID/)
})
