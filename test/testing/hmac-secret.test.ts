import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { LocalClient, prfResults } from '../../src/index.js'
import type { AuthenticationResponseJSON, CeremonyOptions, CtapExchange } from '../../src/index.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import type { LabPhone, RequestOverrides } from '../../src/testing.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import type { PhoneProfile } from '../../src/virtual.js'
import { createTestPhone } from '../support/virtual-phone.js'

const ORIGIN = 'https://example.com'
const { generic } = PHONE_PROFILES

/** A phone that knows `prf` only as `hmac-secret`. */
function knowing(pinUvAuthProtocols: readonly number[] | undefined): PhoneProfile {
  return { ...generic, info: { ...generic.info, extensions: ['hmac-secret'], pinUvAuthProtocols } }
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')

/** As WebAuthn L3 section 10.1.4 says. */
function expected(secret: Uint8Array | undefined, text: string): Uint8Array {
  const salt = createHash('sha256').update(`WebAuthn PRF\0${text}`).digest()
  return Uint8Array.from(
    createHmac('sha256', secret ?? '')
      .update(salt)
      .digest(),
  )
}

interface SignIn {
  readonly response: AuthenticationResponseJSON
  readonly exchanges: readonly CtapExchange[]
  readonly secret: Uint8Array | undefined
  readonly enabled: unknown
}

/** Registers, and signs in with these inputs of `prf`. */
async function signIn(
  profile: PhoneProfile,
  prf: (id: string) => object,
  allowed = (id: string): readonly string[] => [id],
): Promise<SignIn> {
  const lab = createLab()
  const rp = await createRelyingParty({ origin: ORIGIN })
  const phone: LabPhone = lab.phone({ profile })
  const exchanges: CtapExchange[] = []
  const ceremony: CeremonyOptions = { origin: ORIGIN, onQr: ({ url }) => phone.scan(url) }
  const options = { ...(await rp.creationOptions()), extensions: { prf: {} } }
  const made = await lab.client().create(options, ceremony)
  await rp.register(made)
  const allowCredentials = allowed(made.id).map(id => ({ id }))
  const asked = await rp.requestOptions({ allowCredentials } satisfies RequestOverrides)
  const response = await lab
    .client()
    .get(
      { ...asked, extensions: { prf: prf(made.id) } },
      { ...ceremony, onCtap: exchange => exchanges.push(exchange) },
    )
  await rp.signIn(response)
  const [passkey] = await phone.store.list()
  return {
    response,
    exchanges,
    secret: passkey?.hmacSecret,
    enabled: made.clientExtensionResults.prf?.enabled,
  }
}

const two = { eval: { first: base64url('one'), second: base64url('two') } }

describe('prf on a phone that knows hmac-secret', () => {
  test.each([[[1]], [[2]], [[2, 1]], [[7, 1]]])('gives its results in protocols %j', async protocols => {
    const { response, exchanges, secret, enabled } = await signIn(knowing(protocols), () => two)
    expect(enabled).toBe(true)
    expect(exchanges.map(({ request }) => request[0])).toEqual([0x06, 0x02])
    expect(prfResults(response)).toEqual({
      first: expected(secret, 'one'),
      second: expected(secret, 'two'),
    })
  })

  test('takes the inputs of the only credential', async () => {
    const own = (id: string): object => ({ ...two, evalByCredential: { [id]: { first: base64url('own') } } })
    const { response, secret } = await signIn(knowing([2]), own)
    expect(prfResults(response)).toEqual({ first: expected(secret, 'own'), second: undefined })
  })

  test.each([
    ['lists no protocol', knowing(undefined), undefined],
    ['lists unknown protocols', knowing([3]), undefined],
    ['may answer with either credential', knowing([2]), (id: string) => [id, base64url('another')]],
  ])('gives none and is asked once when it %s', async (_, profile, allowed) => {
    const own = (id: string): object => ({ evalByCredential: { [id]: { first: base64url('own') } } })
    const inputs = allowed === undefined ? () => two : own
    const { response, exchanges } = await signIn(profile, inputs, allowed)
    expect(exchanges.map(({ request }) => request[0])).toEqual([0x02])
    expect(prfResults(response)).toBeUndefined()
  })
})

test('an authenticator of this device also gives its results', async () => {
  const rp = await createRelyingParty({ origin: ORIGIN })
  const { phone, store } = createTestPhone(undefined, { profile: knowing([2, 1]) })
  const asked: number[] = []
  const random = {
    bytes: (length: number) => {
      asked.push(length)
      return new Uint8Array(length).fill(9)
    },
  }
  const client = new LocalClient({ authenticator: phone, random })
  await rp.register(await client.create(await rp.creationOptions(), { origin: ORIGIN }))
  const options = { ...(await rp.requestOptions()), extensions: { prf: two } }
  const used = await client.get(options, { origin: ORIGIN })
  const [passkey] = await store.list()
  expect(prfResults(used)?.first).toEqual(expected(passkey?.hmacSecret, 'one'))
  expect(asked).toEqual([16])
})
