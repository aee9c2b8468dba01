import { describe, expect, test } from 'vitest'
import { decodeBase64url } from '../../../src/bytes/base64url.js'
import { decodeAuthenticatorData } from '../../../src/ctap/authenticator-data.js'
import { LocalClient } from '../../../src/index.js'
import { meet, newPhone } from './phone.js'
import type { Phone } from './phone.js'
import { Site } from './relying-party.js'
import type { Extensions } from './relying-party.js'
import type { Surroundings } from './surroundings.js'

const FIRST = 'AQID'
const SECOND = 'BAUG'
/** By libwebauthn’s names. */
const POLICIES = [
  [1, 'userVerificationOptional'],
  [2, 'userVerificationOptionalWithCredentialIDList'],
  [3, 'userVerificationRequired'],
] as const

/** 32 bytes as base64url. */
const output: unknown = expect.stringMatching(/^[\w-]{43}$/)
const notFound = { event: 'failed', error: 'Ctap(NoCredentials)' }

/** Extensions, in libwebauthn’s words. */
export function cellsOfExtensions(around: Surroundings): void {
  describe('prf', () => {
    const eval1 = { first: FIRST }
    const eval2 = { first: FIRST, second: SECOND }

    test('registration says that the passkey has it', async () => {
      const [laptop, site] = [await around.laptop(), await Site.open()]
      const { results } = await site.registered(laptop, newPhone(around), {}, { extensions: { prf: {} } })
      expect(results).toMatchObject({ prf: { enabled: true } })
    })

    test('sign-in gives the values that our own client gets', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      await site.registered(laptop, phone, {}, { extensions: { prf: {} } })
      const { results } = await site.signedIn(laptop, phone, {}, { extensions: { prf: { eval: eval2 } } })
      expect(results).toMatchObject({ prf: { results: { first: output, second: output } } })
      expect(results).toMatchObject(await ownResults(site, phone, { prf: { eval: eval2 } }))
    })

    test('sign-in with values for a passkey of its own', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      const { credential } = await site.registered(laptop, phone, {}, { extensions: { prf: {} } })
      const list = { allowCredentials: [{ id: credential.id }] }
      const evalByCredential = { [credential.id]: { first: SECOND } }
      const { results } = await site.signedIn(laptop, phone, list, {
        extensions: { prf: { eval: eval1, evalByCredential } },
      })
      expect(results).toMatchObject(await ownResults(site, phone, { prf: { eval: { first: SECOND } } }))
    })

    test('registration gives values at once', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      const { results } = await site.registered(laptop, phone, {}, { extensions: { prf: { eval: eval2 } } })
      expect(results).toMatchObject({ prf: { enabled: true, results: { first: output, second: output } } })
      expect(await ownResults(site, phone, { prf: { eval: eval2 } })).toEqual({
        prf: { results: (results['prf'] as Extensions)['results'] },
      })
    })
  })

  describe.each(POLICIES)('credProtect %i', (level, policy) => {
    const extensions = { credProtect: { policy, enforcePolicy: true } }

    test('registration says so, signed', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      const { response } = await site.registered(laptop, phone, {}, { extensions })
      const data = decodeAuthenticatorData(decodeBase64url(response.response.authenticatorData ?? ''))
      expect(data.extensions).toEqual(new Map([['credProtect', level]]))
      expect(await phone.store.list()).toMatchObject([{ credProtect: level }])
    })

    test('who sees the passkey without user verification', async () => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      const { credential } = await site.registered(laptop, phone, {}, { extensions })
      const unverified = { userVerification: 'discouraged' } as const
      const allowCredentials = [{ id: credential.id }]
      const { end: nameless } = await meet(laptop, phone, await site.signIn(unverified))
      const { end: named } = await meet(laptop, phone, await site.signIn({ ...unverified, allowCredentials }))
      const found = expect.objectContaining({ event: 'done' }) as unknown
      expect([nameless, named]).toEqual([level > 1 ? notFound : found, level > 2 ? notFound : found])
    })
  })

  test('credProps says whether the passkey is discoverable', async () => {
    const [laptop, site] = [await around.laptop(), await Site.open()]
    const extensions = { credProps: true }
    const { results } = await site.registered(laptop, newPhone(around), {}, { extensions })
    expect(results).toEqual({ credProps: { rk: true } })
  })

  test.each([
    ['largeBlob, preferred', { largeBlob: { support: 'preferred' } }],
    ['credBlob', { credBlob: 'AQID' }],
    ['minPinLength', { minPinLength: true }],
  ])('%s, which the phone has not in this form, is no hindrance', async (_, extensions) => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    await site.registered(laptop, phone, {}, { extensions })
    await site.signedIn(laptop, phone)
  })
}

/** What our own client is given by the same passkey. */
async function ownResults(site: Site, { handler }: Phone, extensions: object): Promise<Extensions> {
  const client = new LocalClient({ authenticator: handler })
  const options = { ...(await site.rp.requestOptions()), extensions }
  const response = await client.get(options, { origin: site.rp.origin })
  return { ...response.clientExtensionResults }
}
