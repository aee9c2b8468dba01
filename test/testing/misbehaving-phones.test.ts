import { expect, test } from 'vitest'
import { HybridError } from '../../src/errors.js'
import {
  createLab,
  createRelyingParty,
  misbehavingPhone,
  PHONE_MISBEHAVIOURS,
  VirtualClock,
} from '../../src/testing.js'
import type { PhoneMisbehaviour } from '../../src/testing.js'
import { MemoryCredentialStore } from '../../src/virtual.js'

const ORIGIN = 'https://example.com'
/** Longer than every deadline. */
const LONG_MS = 700_000

/** What the laptop’s user is told, when the phone misbehaves during a registration or a sign-in. */
async function told(how: PhoneMisbehaviour, ceremony: 'create' | 'get'): Promise<string> {
  const clock = new VirtualClock()
  const lab = createLab({ clock })
  const rp = await createRelyingParty({ origin: ORIGIN })
  const client = lab.client()
  const store = new MemoryCredentialStore()
  const scannedBy = (phone: {
    scan(text: string): Promise<unknown>
  }): Parameters<typeof client.create>[1] => ({
    origin: ORIGIN,
    onQr: qr => phone.scan(qr.url),
  })
  const { id } = await rp.register(
    await client.create(await rp.creationOptions(), scannedBy(lab.phone({ store }))),
  )
  const meeting = scannedBy(misbehavingPhone(lab, how, { store }))
  const options = { allowCredentials: [{ id }] }
  const result =
    ceremony === 'create'
      ? client.create(await rp.creationOptions(), meeting)
      : client.get(await rp.requestOptions(options), meeting)
  const ending = result.then(
    () => 'done',
    (error: unknown) => codeOf(error),
  )
  await clock.advance(LONG_MS)
  const end = await ending
  expect(clock.pending).toBe(0)
  return end
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.cause instanceof HybridError) return error.cause.code
  throw error
}

const REGISTRATIONS: Readonly<Record<PhoneMisbehaviour, string | undefined>> = {
  'no-advert': 'advert-timeout',
  'advert-flipped-bit': 'advert-timeout',
  'advert-short': 'advert-timeout',
  'advert-empty': 'advert-timeout',
  'advert-reserved-byte': 'advert-timeout',
  'advert-unassigned-service': 'advert-timeout',
  'advert-elsewhere': 'tunnel-refused',
  'hang-up-before-client': 'tunnel-refused',
  'no-message-2': 'handshake-timeout',
  'hang-up-at-message-1': 'peer-closed',
  'message-2-off-curve': 'handshake-failed',
  'message-2-zero-point': 'handshake-failed',
  'message-2-wrong-point': 'handshake-failed',
  'message-2-compressed-point': 'handshake-failed',
  'message-2-flipped-bit': 'handshake-failed',
  'message-2-short': 'handshake-failed',
  'message-2-long': 'handshake-failed',
  'message-2-empty': 'handshake-failed',
  'message-2-oversized': 'peer-closed',
  'message-1-returned': 'handshake-failed',
  'wrong-psk': 'handshake-failed',
  'no-introduction': 'handshake-timeout',
  'hang-up-at-introduction': 'peer-closed',
  'introduction-flipped-bit': 'decrypt-failed',
  'introduction-unsealed': 'decrypt-failed',
  'introduction-empty-frame': 'decrypt-failed',
  'introduction-short-frame': 'decrypt-failed',
  'introduction-oversized-frame': 'peer-closed',
  'introduction-counter-ahead': 'decrypt-failed',
  'introduction-counter-limit': 'decrypt-failed',
  'introduction-padding-missing': 'post-handshake-malformed',
  'introduction-padding-beyond': 'message-malformed',
  'introduction-padding-only': 'message-malformed',
  'introduction-padding-not-zeros': 'done',
  'introduction-no-cbor': 'post-handshake-malformed',
  'introduction-revision-0': 'revision-unsupported',
  'introduction-without-ctap': 'feature-missing',
  'introduction-without-getinfo': 'post-handshake-malformed',
  'introduction-bomb-depth': 'post-handshake-malformed',
  'introduction-bomb-count': 'post-handshake-malformed',
  'introduction-bomb-length': 'post-handshake-malformed',
  'getinfo-no-cbor': 'cbor-malformed',
  'getinfo-without-versions': 'ctap-malformed',
  'getinfo-bomb-depth': 'cbor-limit',
  'getinfo-bomb-items': 'cbor-limit',
  'message-2-repeated': 'decrypt-failed',
  'introduction-repeated': 'decrypt-failed',
  'frames-reordered': 'decrypt-failed',
  'answer-unasked': 'message-unexpected',
  'goodbye-unasked': 'peer-closed',
  'hang-up-unasked': 'peer-closed',
  'json-unasked': 'message-unexpected',
  'type-unknown': 'message-malformed',
  'message-empty': 'message-malformed',
  'update-early': 'done',
  'update-repeated': 'done',
  'update-malformed': 'done',
  'update-bomb-depth': 'done',
  'link-incomplete': 'done',
  'link-off-curve': 'done',
  'link-unsigned': 'done',
  'link-forged': 'done',
  'link-contact-oversized': 'done',
  'update-late': 'done',
  'no-answer': 'response-timeout',
  'hang-up-at-request': 'peer-closed',
  'request-returned': 'decrypt-failed',
  'answer-flipped-bit': 'decrypt-failed',
  'answer-repeated': 'done',
  'answer-oversized': 'peer-closed',
  'answer-empty': 'ctap-malformed',
  'answer-status': 'ctap-error',
  'answer-no-cbor': 'cbor-malformed',
  'answer-bomb-depth': 'cbor-limit',
  'answer-bomb-count': 'cbor-malformed',
  'answer-bomb-items': 'cbor-limit',
  'answer-bomb-length': 'cbor-malformed',
  'answer-other-rp': 'response-invalid',
  'answer-other-credential': undefined,
  'answer-user-absent': 'response-invalid',
  'answer-user-unverified': 'response-invalid',
  'answer-other-algorithm': 'response-invalid',
  'answer-off-curve': 'point-invalid',
  'answer-without-credential': 'response-invalid',
  'answer-several-accounts': undefined,
  'answer-long-user-handle': undefined,
  'answer-long-signature': undefined,
}

const SIGN_INS: Readonly<Partial<Record<PhoneMisbehaviour, string>>> = {
  'answer-other-rp': 'response-invalid',
  'answer-other-credential': 'response-invalid',
  'answer-user-absent': 'response-invalid',
  'answer-user-unverified': 'response-invalid',
  'answer-several-accounts': 'account-not-chosen',
  'answer-long-user-handle': 'response-invalid',
  'answer-long-signature': 'response-invalid',
  'answer-no-cbor': 'cbor-malformed',
  'answer-bomb-depth': 'cbor-limit',
  'answer-bomb-items': 'cbor-limit',
}

const namesOf = (table: object): readonly PhoneMisbehaviour[] => Object.keys(table) as PhoneMisbehaviour[]

test.each(namesOf(REGISTRATIONS).flatMap(name => (REGISTRATIONS[name] === undefined ? [] : [name])))(
  'a registration with a phone that misbehaves: %s',
  async name => {
    expect(await told(name, 'create'), PHONE_MISBEHAVIOURS[name]).toBe(REGISTRATIONS[name])
  },
)

test.each(namesOf(SIGN_INS))('a sign-in with a phone that misbehaves: %s', async name => {
  expect(await told(name, 'get'), PHONE_MISBEHAVIOURS[name]).toBe(SIGN_INS[name])
})
