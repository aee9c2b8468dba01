import { expect, test } from 'vitest'
import { createLab, createRelyingParty } from '../../../src/testing.js'
import type { CreationOverrides, RelyingParty } from '../../../src/testing.js'
import { onlyCase } from '../../support/cases.js'
import { pinnedVersion } from '../support/built.js'
import { describePeer, lacking } from '../support/peer.js'
import { asItIs, canonically, emulatorHandler, isInstalled } from './emulator.js'
import type { EmulatorOptions } from './emulator.js'

const ORIGIN = 'https://login.example.com'

const { url } = onlyCase<{ readonly url: string }>('trace-ios', 'sessions')

/** Our client, and the emulator behind our phone role. */
async function laptopAndPhone(options?: EmulatorOptions): Promise<{
  readonly rp: RelyingParty
  readonly create: (overrides?: CreationOverrides) => Promise<{ id: string }>
  readonly get: (allowCredentials?: { id: string }[]) => Promise<{ id: string }>
}> {
  const lab = createLab()
  const client = lab.client()
  const phone = lab.phone({ handler: await emulatorHandler(canonically, options) })
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const ceremony = { origin: ORIGIN, onQr: (code: { url: string }) => phone.scan(code.url) }
  return {
    rp,
    create: async overrides =>
      rp.register(await client.create(await rp.creationOptions(overrides), ceremony)),
    get: async (allowCredentials = []) =>
      rp.signIn(await client.get(await rp.requestOptions({ allowCredentials }), ceremony)),
  }
}

const named = (name: string): { readonly name: string } => ({ name })

describePeer(
  {
    name: 'nid-webauthn-emulator',
    version: () => pinnedVersion('nid-webauthn-emulator/package.json', /"nid-webauthn-emulator": "(.+)"/),
    lacks: lacking(isInstalled),
  },
  () => {
    test('writes what is not CTAP2’s CBOR, which our phone does not pass on', async () => {
      const phone = createLab().phone({ handler: await emulatorHandler(asItIs) })
      await expect(phone.scan(url, { maxQrAgeSeconds: Infinity })).rejects.toMatchObject({
        message: 'handler.getInfo must return an authenticatorGetInfo map',
        cause: { code: 'cbor-not-canonical' },
      })
    })

    test.each([
      ['ES256', -7],
      ['EdDSA', -8],
      ['RS256', -257],
    ])('registers a passkey of %s, and signs in with it, named and not', async (algorithm, alg) => {
      const { create, get } = await laptopAndPhone({ algorithmIdentifiers: [algorithm] })
      const { id } = await create({ supportedAlgorithmIDs: [alg] })
      expect((await get()).id).toBe(id)
      expect((await get([{ id }])).id).toBe(id)
    })

    test('does not register again what is excluded', async () => {
      const { create } = await laptopAndPhone()
      const passkey = await create()
      await expect(create({ excludeCredentials: [passkey] })).rejects.toMatchObject(
        named('InvalidStateError'),
      )
    })

    test('refuses, and has no passkey', async () => {
      const { create, get } = await laptopAndPhone({ userMakeCredentialInteraction: () => undefined })
      await expect(create()).rejects.toMatchObject(named('NotAllowedError'))
      await expect(get()).rejects.toMatchObject(named('NotAllowedError'))
    })

    test('keeps no passkeys itself, and signs in with one that is named', async () => {
      const { create, get } = await laptopAndPhone({ stateless: true })
      const passkey = await create()
      expect((await get([passkey])).id).toBe(passkey.id)
    })
  },
)
