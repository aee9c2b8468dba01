import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { expect } from 'vitest'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeCoseKey } from '../../src/ctap/cose-key.js'
import { decodeGetAssertionResponse, encodeGetAssertionRequest } from '../../src/ctap/get-assertion.js'
import type { GetAssertionRequest, GetAssertionResponse } from '../../src/ctap/get-assertion.js'
import { decodeMakeCredentialResponse, encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import type { MakeCredentialRequest } from '../../src/ctap/make-credential.js'
import type { Random } from '../../src/ports/clock.js'
import type { CtapContext } from '../../src/ports/ctap-handler.js'
import type { Consent, ConsentAnswer, ConsentRequest } from '../../src/virtual/consent.js'
import { VirtualAuthenticator } from '../../src/virtual/virtual-authenticator.js'
import type { VirtualAuthenticatorOptions } from '../../src/virtual/virtual-authenticator.js'
import type { VirtualEvent } from '../../src/virtual/virtual-device.js'

export const APPROVE: ConsentAnswer = { approved: true, userVerified: true }
const CLIENT_DATA_HASH: Uint8Array = Uint8Array.from({ length: 32 }, (_, index) => index)
export const random: Random = { bytes: length => Uint8Array.from(randomBytes(length)) }

/** A phone that remembers what it asked and told. */
export interface TestPhone {
  readonly phone: VirtualAuthenticator
  readonly store: MemoryCredentialStore
  readonly asked: ConsentRequest[]
  readonly told: VirtualEvent[]
  readonly faults: unknown[]
  send(request: Uint8Array): Promise<Uint8Array | undefined>
  register(changes?: Partial<MakeCredentialRequest>): Promise<Uint8Array | undefined>
  signIn(changes?: Partial<GetAssertionRequest>): Promise<Uint8Array | undefined>
}

/** @param answer what the user says; the time starts at 1000 ms and goes on by one each time it is asked. */
export function createTestPhone(
  answer: Consent['ask'] = () => Promise.resolve(APPROVE),
  options: Partial<VirtualAuthenticatorOptions> = {},
): TestPhone {
  const store = new MemoryCredentialStore()
  const [asked, told, faults]: [ConsentRequest[], VirtualEvent[], unknown[]] = [[], [], []]
  let now = 1000
  const phone = new VirtualAuthenticator({
    store,
    random,
    now: () => now++,
    onEvent: event => told.push(event),
    onFault: error => faults.push(error),
    consent: {
      ask: (request, signal) => {
        asked.push(request)
        return answer(request, signal)
      },
    },
    ...options,
  })
  const send = (request: Uint8Array): Promise<Uint8Array | undefined> => phone.handle(request, contextOf())
  return {
    phone,
    store,
    asked,
    told,
    faults,
    send,
    register: changes => send(encodeMakeCredentialRequest({ ...MAKE_CREDENTIAL, ...changes })),
    signIn: changes => send(encodeGetAssertionRequest({ ...GET_ASSERTION, ...changes })),
  }
}

export function contextOf(signal: AbortSignal = new AbortController().signal): CtapContext {
  return { signal, awaitingUser: () => undefined }
}

export const MAKE_CREDENTIAL: MakeCredentialRequest = {
  clientDataHash: CLIENT_DATA_HASH,
  rp: { id: 'example.org', name: 'Example' },
  user: { id: Uint8Array.of(1, 2, 3), name: 'alice', displayName: 'Alice' },
  pubKeyCredParams: [
    { alg: -37, type: 'public-key' },
    { alg: -7, type: 'public-key' },
  ],
  rk: true,
  uv: true,
}

export const GET_ASSERTION: GetAssertionRequest = {
  rpId: 'example.org',
  clientDataHash: CLIENT_DATA_HASH,
  up: true,
  uv: true,
}

/** A credential as its relying party knows it. */
export interface Registered {
  readonly id: Uint8Array
  readonly verifies: (assertion: GetAssertionResponse, clientDataHash?: Uint8Array) => boolean
}

/** What the relying party learns from a response; fails unless it is a success. */
export function registered(response: Uint8Array | undefined, rpId = 'example.org'): Registered {
  const { fmt, attStmt, authData } = decodeMakeCredentialResponse(response ?? Uint8Array.of(0xff))
  expect([fmt, attStmt]).toEqual(['none', new Map()])
  const { attestedCredential, rpIdHash } = decodeAuthenticatorData(authData)
  expect(rpIdHash).toEqual(Uint8Array.from(createHash('sha256').update(rpId).digest()))
  const key = decodeCoseKey(attestedCredential?.publicKey ?? new Uint8Array())
  if (key.type !== 'ec2') throw new Error(`a key of type ${key.type}`)
  const point = { kty: 'EC', crv: 'P-256', x: base64url(key.x), y: base64url(key.y) }
  const publicKey = createPublicKey({ key: point, format: 'jwk' })
  return {
    id: attestedCredential?.credentialId ?? new Uint8Array(),
    verifies: ({ authData: signed, signature }, clientDataHash = CLIENT_DATA_HASH) =>
      verify('sha256', Buffer.concat([signed, clientDataHash]), publicKey, signature),
  }
}

/** The response to a successful sign-in. */
export function signedIn(response: Uint8Array | undefined): GetAssertionResponse {
  return decodeGetAssertionResponse(response ?? Uint8Array.of(0xff))
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
