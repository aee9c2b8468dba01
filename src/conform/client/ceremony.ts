import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { MemoryCredentialStore } from '../../adapters/stores/memory-credential-store.js'
import { systemRandom } from '../../adapters/system/system.js'
import { decodeBase64url, encodeBase64url } from '../../bytes/base64url.js'
import { COSE_ALGORITHM } from '../../ctap/cose-key.js'
import { PUBLIC_KEY } from '../../ctap/credential-descriptor.js'
import { encodeMakeCredentialRequest } from '../../ctap/make-credential.js'
import type { CredentialStore } from '../../ports/credential-store.js'
import { alwaysApprove } from '../../virtual/consent.js'
import { VirtualAuthenticator } from '../../virtual/virtual-authenticator.js'

const RP_ID = 'example.com'
export const ORIGIN = 'https://example.com'
const USER_ID = Uint8Array.of(1, 2, 3, 4)
const CHALLENGE_BYTES = 32
const USER = { name: 'ada@example.com', displayName: 'Ada' }

/** What a client is asked for. */
export interface CeremonyOfClient {
  readonly operation: 'register' | 'login'
  /** The relying party’s options, as JSON has them. */
  readonly options: object
  readonly challenge: string
}

const freshChallenge = (): string => encodeBase64url(systemRandom.bytes(CHALLENGE_BYTES))

/** @param excluded credential IDs that are registered already. */
export function registration(excluded: readonly string[] = []): CeremonyOfClient {
  const challenge = freshChallenge()
  const options = {
    challenge,
    rp: { id: RP_ID, name: 'Example' },
    user: { id: encodeBase64url(USER_ID), ...USER },
    pubKeyCredParams: [COSE_ALGORITHM.es256, COSE_ALGORITHM.rs256].map(alg => ({ type: PUBLIC_KEY, alg })),
    excludeCredentials: excluded.map(descriptor),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  }
  return { operation: 'register', options, challenge }
}

/** @param allowed credential IDs; without them any passkey will do. */
export function signInOfClient(allowed: readonly string[] = []): CeremonyOfClient {
  const challenge = freshChallenge()
  const options = {
    challenge,
    rpId: RP_ID,
    allowCredentials: allowed.map(descriptor),
    userVerification: 'required',
  }
  return { operation: 'login', options, challenge }
}

const descriptor = (id: string): object => ({ type: PUBLIC_KEY, id })

/** A store with one passkey of the relying party, and its credential ID. */
export async function storeWithPasskey(): Promise<{ store: CredentialStore; credentialId: string }> {
  const store = new MemoryCredentialStore()
  const options = { store, consent: alwaysApprove(), random: systemRandom, crypto: nodeCryptoProvider }
  const request = encodeMakeCredentialRequest({
    clientDataHash: new Uint8Array(CHALLENGE_BYTES),
    rp: { id: RP_ID, name: 'Example' },
    user: { id: USER_ID, ...USER },
    pubKeyCredParams: [{ alg: COSE_ALGORITHM.es256, type: PUBLIC_KEY }],
    rk: true,
    uv: true,
  })
  const context = { signal: new AbortController().signal, awaitingUser: () => undefined }
  await new VirtualAuthenticator(options).handle(request, context)
  const [credential] = await store.list()
  if (credential === undefined) throw new TypeError('a phone that approves registers')
  await store.put({ ...credential, confirmed: true })
  return { store, credentialId: encodeBase64url(credential.credentialId) }
}

/** The client data of a response; undefined where a RESULT has none. */
export function clientDataOf(value: unknown): Uint8Array | undefined {
  const response = memberOf(value, 'response')
  const text = memberOf(response, 'clientDataJSON')
  if (typeof text !== 'string') return undefined
  try {
    return decodeBase64url(text)
  } catch {
    return undefined
  }
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
