import assert from 'node:assert/strict'
import { MemoryCredentialStore } from '../../../src/adapters/stores/memory-credential-store.js'
import { nodeCryptoProvider } from '../../../src/adapters/node-crypto/node-crypto.js'
import { encodeUtf8 } from '../../../src/bytes/utf8.js'
import { decodeCbor } from '../../../src/cbor/cbor.js'
import { CTAP_COMMAND } from '../../../src/ctap/commands.js'
import { decodeGetAssertionRequest } from '../../../src/ctap/get-assertion.js'
import { decodeGetInfo } from '../../../src/ctap/get-info.js'
import type { GetInfo } from '../../../src/ctap/get-info.js'
import { decodeMakeCredentialRequest } from '../../../src/ctap/make-credential.js'
import { CtapError, DecodeError, ProtocolError, UsageError } from '../../../src/errors.js'
import { alwaysApprove } from '../../../src/virtual/consent.js'
import { VirtualAuthenticator } from '../../../src/virtual/virtual-authenticator.js'
import { fromMakeCredential, parseRegistration, toMakeCredential } from '../../../src/webauthn/create.js'
import { inflate } from '../../../src/webauthn/deflate.js'
import { fromGetAssertion, parseAuthentication, toGetAssertion } from '../../../src/webauthn/get.js'
import { parseOrigin } from '../../../src/webauthn/origin.js'
import { publicSuffixList } from '../../../src/webauthn/public-suffix-list.js'
import type { FetchDocument, RelatedOrigins } from '../../../src/webauthn/related-origins.js'
import { resolveRpId } from '../../../src/webauthn/rp-id.js'
import { chromiumCreate, chromiumGet } from '../../ctap/recorded.js'
import { unlessRefused, unlessRejected } from '../invariants.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'

const crypto = nodeCryptoProvider
const ORIGIN = 'https://login.example.com'
const CALLER = { origin: ORIGIN }
const LARGEST_BLOB = 4096
const SUCCESS = 0

/** A phone that can do everything. */
const able: GetInfo = {
  ...decodeGetInfo(chromiumCreate.getInfo),
  extensions: ['prf', 'hmac-secret', 'largeBlob', 'credProtect'],
}

const CREATION = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AQIDBAUGBwg', name: 'ada@example.com', displayName: 'Ada' },
  challenge: 'AAECAwQFBgcICQoLDA0ODw',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [{ id: 'AQID', type: 'public-key', transports: ['hybrid'] }],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  hints: ['hybrid'],
  attestation: 'direct',
  extensions: { credProps: true, prf: { eval: { first: 'AQ' } }, largeBlob: { support: 'preferred' } },
}
const REQUEST = {
  challenge: 'AAECAwQFBgcICQoLDA0ODw',
  rpId: 'example.com',
  allowCredentials: [{ id: 'AQID', type: 'public-key' }],
  userVerification: 'preferred',
  extensions: {
    prf: { evalByCredential: { AQID: { first: 'AQ', second: 'Ag' } } },
    largeBlob: { read: true },
  },
}

const seedOf = (json: object): Uint8Array => encodeUtf8(JSON.stringify(json))

/** Undefined for what is no JSON: its reader is not ours. */
function jsonIn(input: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(input))
  } catch {
    return undefined
  }
}

const RULES = { publicSuffixes: publicSuffixList }

/** Options are refused, or make a request that a phone can read. */
async function creation(input: Uint8Array): Promise<void> {
  const registration = await unlessRejected(() => parseRegistration(jsonIn(input), CALLER, RULES), UsageError)
  if (registration === undefined) return
  const call = unlessRefused(() => toMakeCredential(registration, able, crypto), ProtocolError)
  if (call === undefined) return
  assert.equal(decodeMakeCredentialRequest(call.request).rp.id, registration.rpId)
}

async function request(input: Uint8Array): Promise<void> {
  const authentication = await unlessRejected(
    () => parseAuthentication(jsonIn(input), CALLER, RULES),
    UsageError,
  )
  if (authentication === undefined) return
  const call = await unlessRejected(() => toGetAssertion(authentication, able, crypto), ProtocolError)
  if (call !== undefined) assert.equal(decodeGetAssertionRequest(call.request).rpId, authentication.rpId)
}

const REFUSALS = [DecodeError, ProtocolError, CtapError] as const

const registration = parseRegistration(
  { ...CREATION, rp: { id: 'localhost', name: 'Example' } },
  { origin: 'http://localhost:8000' },
)
const authentication = parseAuthentication(
  {
    ...REQUEST,
    rpId: 'localhost',
    allowCredentials: [],
    extensions: { largeBlob: { read: true }, prf: { eval: { first: 'AQ' } } },
  },
  { origin: 'http://localhost:8000' },
)

/** The answer to a question: what is accepted is for the right relying party. */
async function created(input: Uint8Array): Promise<void> {
  const call = toMakeCredential(await registration, able, crypto)
  unlessRefused(() => fromMakeCredential(input, call), ...REFUSALS)
}

async function asserted(input: Uint8Array): Promise<void> {
  const call = await toGetAssertion(await authentication, able, crypto)
  await unlessRejected(() => fromGetAssertion(input, call), ...REFUSALS)
}

/** An origin may claim its host and what is above it, and no public suffix. */
async function rpId(input: Uint8Array): Promise<void> {
  const [originText = '', claimed = '', ...document] = new TextDecoder().decode(input).split('\n')
  const origin = unlessRefused(() => parseOrigin(originText), UsageError)
  if (origin === undefined) return
  const resolved = await unlessRejected(() => resolveRpId(origin, claimed, RULES), UsageError)
  if (resolved !== undefined) {
    assert.ok(origin.host === resolved || origin.host.endsWith(`.${resolved}`))
    assert.ok(resolved === origin.host || !PUBLIC_SUFFIXES.includes(resolved))
  }
  await unlessRejected(
    () => resolveRpId(origin, claimed, { ...RULES, related: related(document.join('\n')) }),
    UsageError,
  )
}

const PUBLIC_SUFFIXES = ['com', 'co.uk', 'github.io', 'localhost', '']

function related(text: string): RelatedOrigins {
  const headers = { get: () => 'application/json' }
  const fetch: FetchDocument = () =>
    Promise.resolve({ status: 200, headers, body: new Blob([text]).stream() })
  return { fetch, signal: undefined }
}

/** The software authenticator answers with a status, and CBOR after a success but that of a selection; or it hangs up. */
async function phone(input: Uint8Array): Promise<void> {
  const faults: unknown[] = []
  const authenticator = new VirtualAuthenticator({
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    crypto,
    random: { bytes: length => new Uint8Array(length).fill(7) },
    onFault: error => faults.push(error),
  })
  const { signal } = new AbortController()
  const answer = await authenticator.handle(input, { signal, awaitingUser: () => undefined })
  assert.deepEqual(faults, [])
  if (answer?.[0] !== SUCCESS) return
  if (input[0] === CTAP_COMMAND.selection) assert.equal(answer.length, 1)
  else decodeCbor(answer.slice(1))
}

async function blob(input: Uint8Array): Promise<void> {
  const size = (input[0] ?? 0) * 16
  const inflated = await inflate(input.slice(1), size)
  if (inflated !== undefined) assert.equal(inflated.length, Math.min(size, LARGEST_BLOB))
}

export const webauthn: FuzzTarget = {
  name: 'webauthn',
  about: 'options and responses, RP IDs, blobs; and what the software authenticator is asked',
  maxBytes: 1500,
  isAsync: true,
  words: [
    ...[
      'rp',
      'user',
      'challenge',
      'pubKeyCredParams',
      'timeout',
      'excludeCredentials',
      'extensions',
      'hints',
    ],
    ...[
      'authenticatorSelection',
      'allowCredentials',
      'rpId',
      'userVerification',
      'prf',
      'eval',
      'evalByCredential',
    ],
    ...[
      'largeBlob',
      'write',
      'read',
      'support',
      'required',
      'credentialProtectionPolicy',
      '__proto__',
      'origins',
    ],
    ...['http://localhost', 'https://', '.com', '.co.uk', '.github.io', 'hmac-secret', 'credProtect'],
  ],
  ...choosing([
    { seeds: [seedOf(CREATION)], run: creation },
    { seeds: [seedOf(REQUEST)], run: request },
    { seeds: [chromiumCreate.response], run: created },
    { seeds: [chromiumGet.response], run: asserted },
    {
      seeds: [
        `${ORIGIN}\nexample.com`,
        'https://a.b.co.uk\nb.co.uk',
        `${ORIGIN}\nexample.org\n{"origins":["${ORIGIN}"]}`,
      ].map(encodeUtf8),
      run: rpId,
    },
    { seeds: [chromiumCreate.request, chromiumGet.request, Uint8Array.of(4)], run: phone },
    { seeds: [Uint8Array.of(1, 0x63, 0x60, 0xc0, 0x04, 0x00)], run: blob },
  ]),
}
