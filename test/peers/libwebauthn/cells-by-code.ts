import { decode } from 'cbor-x'
import { describe, expect, test } from 'vitest'
import { decodeBase64url } from '../../../src/bytes/base64url.js'
import { decodeHex } from '../../../src/bytes/hex.js'
import { decodeQrUrl } from '../../../src/wire.js'
import { chooseAccount, PHONE_PROFILES } from '../../../src/virtual.js'
import type { PhoneProfileName } from '../../../src/virtual.js'
import { TUNNEL_SERVICES } from './files.js'
import { meet, newPhone, responsesOf } from './phone.js'
import { Site } from './relying-party.js'
import type { Surroundings } from './surroundings.js'

const GRACE = { userName: 'grace@example.com', userID: Uint8Array.of(7) }
/** So many identifiers of so many bytes are more than the 1,024 bytes of an authenticator that tells no limit. */
const LONG_LIST = Array.from({ length: 40 }, (_, index) => ({
  id: Buffer.alloc(32, index + 1).toString('base64url'),
}))

/** A laptop shows a code and a phone reads it. */
export function cellsByCode(around: Surroundings): void {
  describe.each(Object.keys(PHONE_PROFILES) as PhoneProfileName[])('with a phone like %s', profile => {
    test('registration, and sign-in with whichever passkey the phone has', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around, { profile }), await Site.open()]
      const { credential } = await site.registered(laptop, phone)
      expect((await site.signedIn(laptop, phone)).credential.id).toBe(credential.id)
      expect(await phone.store.list()).toMatchObject([{ rpId: 'example.com', confirmed: true }])
    })

    test('sign-in with a passkey that the site names, beside one that the phone lacks', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around, { profile }), await Site.open()]
      const { credential } = await site.registered(laptop, phone)
      const allowCredentials = [{ id: 'AAAAAAAAAAAAAAAAAAAAAA' }, { id: credential.id }]
      expect((await site.signedIn(laptop, phone, { allowCredentials })).credential.id).toBe(credential.id)
    })

    test('a passkey that the site excludes is not made again', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around, { profile }), await Site.open()]
      const { credential } = await site.registered(laptop, phone)
      const again = await site.registration({ excludeCredentials: [{ id: credential.id }] })
      const { end } = await meet(laptop, phone, again)
      expect(end).toEqual({ event: 'failed', error: 'Ctap(CredentialExcluded)' })
      expect(await phone.store.list()).toHaveLength(1)
    })
  })

  test.each(TUNNEL_SERVICES)('the domain of the tunnel service %i', async tunnelServiceId => {
    const phone = newPhone(around, { tunnelServiceId })
    const site = await Site.open()
    await site.registered(await around.laptop(), phone)
    expect(site.rp.credentials).toHaveLength(1)
  })

  test.each([-7, -8, -257])('a passkey of algorithm %i', async algorithm => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    const { response } = await site.registered(laptop, phone, { supportedAlgorithmIDs: [algorithm] })
    expect(response.response.publicKeyAlgorithm).toBe(algorithm)
    await site.signedIn(laptop, phone)
  })

  test('a passkey that is not discoverable signs in where it is named', async () => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    const authenticatorSelection = { residentKey: 'discouraged', userVerification: 'preferred' } as const
    const { credential } = await site.registered(laptop, phone, { authenticatorSelection })
    expect(await phone.store.list()).toMatchObject([{ discoverable: false }])
    const { end } = await meet(laptop, phone, await site.signIn())
    expect(end).toEqual({ event: 'failed', error: 'Ctap(NoCredentials)' })
    await site.signedIn(laptop, phone, { allowCredentials: [{ id: credential.id }] })
  })

  test.each(['required', 'preferred', 'discouraged'] as const)(
    'user verification %s',
    async userVerification => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      await site.registered(laptop, phone)
      const met = await meet(laptop, phone, await site.signIn({ userVerification }))
      expect(met.end.event).toBe('done')
    },
  )

  test('two accounts, the choice at the phone', async () => {
    const phone = newPhone(around, { consent: chooseAccount('ada@example.com') })
    const [laptop, site] = [await around.laptop(), await Site.open()]
    const { credential } = await site.registered(laptop, phone)
    await site.registered(laptop, phone, GRACE)
    const responses = responsesOf(await meet(laptop, phone, await site.signIn()))
    expect(responses).toHaveLength(1)
    expect((await site.accepts(responses)).credential.id).toBe(credential.id)
  })

  test.each([0, 1])('two accounts, the choice at the laptop: number %i signs in', async place => {
    const phone = newPhone(around, { accountChoice: 'client' })
    const [laptop, site] = [await around.laptop(), await Site.open()]
    const ada = await site.registered(laptop, phone)
    const grace = await site.registered(laptop, phone, GRACE)
    const responses = responsesOf(await meet(laptop, phone, await site.signIn()))
    const newestFirst = [grace.credential.id, ada.credential.id]
    expect(responses).toMatchObject(
      newestFirst.map(id => ({ id, response: { userHandle: expect.any(String) as string } })),
    )
    expect((await site.accepts(responses, place)).credential.id).toBe(newestFirst[place])
  })

  test('a list of 40 passkeys', async () => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    const { credential } = await site.registered(laptop, phone)
    const allowCredentials = [...LONG_LIST, { id: credential.id }]
    expect((await site.signedIn(laptop, phone, { allowCredentials })).credential.id).toBe(credential.id)
  })

  test('a phone that tells no maxMsgSize is asked for 1,024 bytes at most: libwebauthn gives up itself', async () => {
    const phone = newPhone(around, { profile: 'android' })
    const [laptop, site] = [await around.laptop(), await Site.open()]
    const { end } = await meet(laptop, phone, await site.signIn({ allowCredentials: LONG_LIST }))
    expect(end).toEqual({ event: 'failed', error: 'Platform(RequestTooLarge)' })
  })

  test.each([
    ['a PSM', 'a1011882'],
    ['no channel', 'a0'],
    ['something that is not CBOR', 'ff'],
  ])('an advert with a suffix: %s', async (_, suffix) => {
    const [laptop, site] = [await around.laptop(), await Site.open()]
    await site.registered(laptop, newPhone(around, { suffix: decodeHex(suffix) }))
  })

  test('a code with key 6, [0, 1]: both go on through the tunnel', async () => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    await site.registered(laptop, phone, {}, { by: 'code-with-l2cap' })
    await site.signedIn(laptop, phone, {}, { by: 'code-with-l2cap' })
  })

  test('a code with key 6 and an advert with a PSM: L2CAP cannot be opened, and both go on through the tunnel', async () => {
    const phone = newPhone(around, { suffix: decodeHex('a1011882') })
    const [laptop, site] = [await around.laptop(), await Site.open()]
    await site.registered(laptop, phone, {}, { by: 'code-with-l2cap' })
    await site.signedIn(laptop, phone, {}, { by: 'code-with-l2cap' })
  })

  test('an attestation that the site asks for arrives as the phone made it', async () => {
    const [laptop, site] = [await around.laptop(), await Site.open()]
    const phone = newPhone(around, { attestation: { format: 'packed' } })
    const { response } = await site.registered(laptop, phone, { attestationType: 'direct' })
    // Its keys are in no canonical order.
    const object: unknown = decode(decodeBase64url(response.response.attestationObject))
    expect(object).toMatchObject({ fmt: 'packed', attStmt: { alg: -7 } })
  })

  test.each([
    ['code', { supportsLinking: undefined, dataChannels: undefined }],
    ['code-to-remember', { supportsLinking: true, dataChannels: undefined }],
    ['code-with-l2cap', { supportsLinking: undefined, dataChannels: [0, 1] }],
  ] as const)('what stands in a %s', async (by, members) => {
    const [laptop, site] = [await around.laptop(), await Site.open()]
    expect(decodeQrUrl(await laptop.begin(await site.registration({}, { by })))).toMatchObject({
      requestType: 'mc',
      knownTunnelServices: 2,
      ...members,
    })
    laptop.cancel()
    await laptop.end()
    expect(decodeQrUrl(await laptop.begin(await site.signIn({}, { by }))).requestType).toBe('ga')
  })

  test('two laptops and two phones at the same time', async () => {
    const pairs = [0, 1].map(async () => {
      const site = await Site.open()
      return site.registered(await around.laptop(), newPhone(around))
    })
    expect(new Set((await Promise.all(pairs)).map(({ credential }) => credential.id)).size).toBe(2)
  })
}
