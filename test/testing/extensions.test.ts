import { beforeEach, describe, expect, test } from 'vitest'
import { prfResults } from '../../src/index.js'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '../../src/index.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import type { LabPhone, RelyingParty } from '../../src/testing.js'
import type { HybridClient } from '../../src/index.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'

let rp: RelyingParty
let client: HybridClient
let phone: LabPhone

beforeEach(async () => {
  const lab = createLab()
  rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  client = lab.client()
  phone = lab.phone()
})

const ceremony = (): { origin: string; onQr: (qr: { url: string }) => unknown } => ({
  origin: rp.origin,
  onQr: qr => phone.scan(qr.url),
})

type Extensions<Options> = Options extends { extensions?: infer E } ? E : never

async function register(
  extensions: Extensions<PublicKeyCredentialCreationOptionsJSON>,
): Promise<Record<string, unknown>> {
  const response = await client.create({ ...(await rp.creationOptions()), extensions }, ceremony())
  await rp.register(response)
  return { ...response.clientExtensionResults }
}

const b64 = (text: string): string => encodeBase64url(encodeUtf8(text))

describe('between our laptop and our phone', () => {
  test('prf gives the same secret for the same input, and another for another', async () => {
    expect(await register({ prf: {} })).toMatchObject({ prf: { enabled: true } })
    const results = async (first: string): Promise<string> => {
      const options: PublicKeyCredentialRequestOptionsJSON = await rp.requestOptions()
      const response = await client.get(
        { ...options, extensions: { prf: { eval: { first: b64(first) } } } },
        ceremony(),
      )
      await rp.signIn(response)
      const found = prfResults(response)
      expect(found?.first).toHaveLength(32)
      return encodeBase64url(found?.first ?? new Uint8Array())
    }
    const salted = await results('salt')
    expect(await results('salt')).toBe(salted)
    expect(await results('pepper')).not.toBe(salted)
  })

  test('a large blob is written and read back', async () => {
    expect(await register({ largeBlob: { support: 'required' } })).toMatchObject({
      largeBlob: { supported: true },
    })
    const [credential] = rp.credentials
    const allowCredentials = [{ id: credential?.id ?? '', type: 'public-key' as const }]
    const get = async (largeBlob: object): Promise<unknown> => {
      const options = await rp.requestOptions()
      const response = await client.get(
        { ...options, allowCredentials, extensions: { largeBlob } },
        ceremony(),
      )
      await rp.signIn(response)
      return response.clientExtensionResults.largeBlob
    }
    expect(await get({ write: b64('a certificate') })).toEqual({ written: true })
    expect(await get({ read: true })).toEqual({ blob: b64('a certificate') })
  })

  test('credProtect that has to be enforced is', async () => {
    const extensions = {
      credentialProtectionPolicy: 'userVerificationRequired',
      enforceCredentialProtectionPolicy: true,
    } as const
    await expect(register(extensions)).resolves.toBeDefined()
  })

  test('credProps tells that the passkey is discoverable', async () => {
    expect(await register({ credProps: true })).toEqual({ credProps: { rk: true } })
  })
})
