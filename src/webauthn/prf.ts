import { decodeBase64url, encodeBase64url } from '../bytes/base64url.js'
import { concatBytes, equalBytes } from '../bytes/bytes.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { bytes, map, mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { GetInfo } from '../ctap/get-info.js'
import { HMAC_SECRET } from '../ctap/hmac-secret.js'
import { knowsExtension, outputMapOf, outputOf } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { PrfOutputsJSON, PrfResultsJSON } from './extensions-json.js'
import { keyAgreementCall } from './hmac-secret.js'
import type { HmacSecretExchange, HmacSecretValues, KeyAgreementCall } from './hmac-secret.js'
import type { JsonReader } from './json-reader.js'

const PRF = 'prf'

/** Bytes of one input; they are hashed before they leave, so the spec has no limit of its own. */
const INPUT_BYTES = { min: 0, max: 65_536 } as const
const OUTPUT_BYTES = 32
/** WebAuthn L3 section 10.1.4. */
const CONTEXT = concatBytes(encodeUtf8('WebAuthn PRF'), Uint8Array.of(0))

/** One or two inputs, not yet hashed. */
interface PrfValues {
  readonly first: Uint8Array
  readonly second: Uint8Array | undefined
}

/** What the `prf` extension was asked for. */
export interface PrfInputs {
  readonly eval: PrfValues | undefined
  /** Inputs that go before `eval` where the credential is the one that answers. */
  readonly evalByCredential: readonly { readonly credentialId: Uint8Array; readonly values: PrfValues }[]
}

/** @throws UsageError `options-invalid`; `options-unsupported` for evalByCredential, for there is no credential yet. */
export function parseRegistrationPrf(prf: JsonReader | undefined): PrfInputs | undefined {
  if (prf?.has('evalByCredential'))
    throw prf.refusal('options-unsupported', 'evalByCredential', 'is for sign-ins only')
  return prf && { eval: parseValues(prf.object('eval')), evalByCredential: [] }
}

/**
 * @param allowed the credentials that may answer.
 * @throws UsageError `options-invalid`; `options-unsupported` for evalByCredential without allowCredentials;
 * `prf-key-invalid` for a key of it that is not the ID of an allowed credential.
 */
export function parseAuthenticationPrf(
  prf: JsonReader | undefined,
  allowed: readonly CredentialDescriptor[],
): PrfInputs | undefined {
  if (prf === undefined) return undefined
  const byCredential = prf.object('evalByCredential')
  const keys = byCredential?.names() ?? []
  if (keys.length > 0 && allowed.length === 0)
    throw prf.refusal('options-unsupported', 'evalByCredential', 'needs allowCredentials')
  return {
    eval: parseValues(prf.object('eval')),
    evalByCredential: keys.flatMap(key => {
      const values = parseValues(byCredential?.object(key))
      return values === undefined ? [] : [{ credentialId: credentialIdOf(prf, key, allowed), values }]
    }),
  }
}

/**
 * Adds the extension to a registration: as `prf`, or as `hmac-secret` where the phone knows only that. A browser would
 * then send nothing (protocol.md 23), but asking costs nothing and lets the credential serve over other transports.
 */
export function registrationPrfRequest(
  prf: PrfInputs | undefined,
  info: GetInfo,
  crypto: CryptoProvider,
): CborMap {
  if (prf === undefined) return cborMap([])
  if (knowsExtension(info, PRF)) return cborMap([[PRF, encodePrf(prf, crypto)]])
  return cborMap([[HMAC_SECRET, knowsExtension(info, HMAC_SECRET) || undefined]])
}

/**
 * What has to be asked before the sign-in, where the authenticator knows `hmac-secret` and not `prf`. Phones over hybrid list
 * no PIN/UV auth protocol and take one command (protocol.md 15.3, 15.4): of them nothing is asked, as browsers do.
 */
export function prfKeyAgreement(
  prf: PrfInputs | undefined,
  allowed: readonly CredentialDescriptor[],
  info: GetInfo,
): KeyAgreementCall | undefined {
  if (knowsExtension(info, PRF) || valuesForAll(prf, allowed) === undefined) return undefined
  return keyAgreementCall(info)
}

/** Adds the extension to a sign-in, as `prf`, or as `hmac-secret` where a key was agreed on. */
export function authenticationPrfRequest(
  prf: PrfInputs | undefined,
  allowed: readonly CredentialDescriptor[],
  info: GetInfo,
  crypto: CryptoProvider,
  exchange: HmacSecretExchange | undefined,
): CborMap {
  const values = exchange && valuesForAll(prf, allowed)
  if (values !== undefined) return exchange?.request(hashedValues(values, crypto)) ?? cborMap([])
  const asks = prf !== undefined && (prf.eval !== undefined || prf.evalByCredential.length > 0)
  return cborMap([[PRF, asks && knowsExtension(info, PRF) ? encodePrf(prf, crypto) : undefined]])
}

/** `hmac-secret` has one input for whichever credential answers: inputs of its own need a list of one. */
function valuesForAll(
  prf: PrfInputs | undefined,
  allowed: readonly CredentialDescriptor[],
): PrfValues | undefined {
  const [own] = prf?.evalByCredential ?? []
  if (own === undefined) return prf?.eval
  return allowed.length === 1 ? own.values : undefined
}

/** @throws DecodeError `ctap-malformed`, ProtocolError `response-invalid`. */
export function registrationPrfResults(
  prf: PrfInputs | undefined,
  outputs: ExtensionOutputs,
): PrfOutputsJSON | undefined {
  if (prf === undefined) return undefined
  const output = outputMapOf(outputs, PRF)
  const enabled = output?.get('enabled') ?? outputOf(outputs, HMAC_SECRET)
  return { enabled: enabled === true, ...decodeResults(output, prf) }
}

/** @throws DecodeError `ctap-malformed`, ProtocolError `response-invalid`. */
export function authenticationPrfResults(
  prf: PrfInputs | undefined,
  outputs: ExtensionOutputs,
  exchange: HmacSecretExchange | undefined,
): PrfOutputsJSON | undefined {
  if (exchange === undefined) return prf && decodeResults(outputMapOf(outputs, PRF), prf)
  const results = exchange.results(outputs)
  return results === undefined ? {} : { results: encodeResults(results) }
}

function encodeResults({ first, second }: HmacSecretValues): PrfResultsJSON {
  return { first: encodeBase64url(first), ...(second && { second: encodeBase64url(second) }) }
}

function parseValues(values: JsonReader | undefined): PrfValues | undefined {
  if (values === undefined) return undefined
  return {
    first: values.required('first', values.buffer('first', INPUT_BYTES)),
    second: values.buffer('second', INPUT_BYTES),
  }
}

function credentialIdOf(prf: JsonReader, key: string, allowed: readonly CredentialDescriptor[]): Uint8Array {
  const named = decodedOrUndefined(() => decodeBase64url(key))
  if (named !== undefined && allowed.some(({ id }) => equalBytes(id, named))) return named
  throw prf.refusal('prf-key-invalid', 'evalByCredential', 'has a key that is no ID of allowCredentials')
}

function encodePrf(prf: PrfInputs, crypto: CryptoProvider): CborMap {
  const byCredential = prf.evalByCredential.map(
    ({ credentialId, values }) => [credentialId, encodeValues(values, crypto)] as const,
  )
  return cborMap([
    ['eval', prf.eval && encodeValues(prf.eval, crypto)],
    ['evalByCredential', byCredential.length > 0 ? cborMap(byCredential) : undefined],
  ])
}

function encodeValues(values: PrfValues, crypto: CryptoProvider): CborMap {
  const { first, second } = hashedValues(values, crypto)
  return cborMap([
    ['first', first],
    ['second', second],
  ])
}

function hashedValues({ first, second }: PrfValues, crypto: CryptoProvider): HmacSecretValues {
  const salt = (input: Uint8Array): Uint8Array => crypto.sha256(concatBytes(CONTEXT, input))
  return { first: salt(first), second: second && salt(second) }
}

/** Results of inputs that nobody gave are left out. */
function decodeResults(output: CborMap | undefined, prf: PrfInputs): { results?: PrfResultsJSON } {
  const asked = [prf.eval, ...prf.evalByCredential.map(({ values }) => values)]
  if (output?.has('results') !== true || asked.every(values => values === undefined)) return {}
  const results = mapReader(output, 'prf output', 'ctap-malformed').required('results', map)
  const reader = mapReader(results, 'prf results', 'ctap-malformed')
  const first = reader.required('first', bytes(OUTPUT_BYTES))
  const wantsSecond = asked.some(values => values?.second !== undefined)
  const second = wantsSecond ? reader.optional('second', bytes(OUTPUT_BYTES)) : undefined
  return { results: encodeResults({ first, second }) }
}
