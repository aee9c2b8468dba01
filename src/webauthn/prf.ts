import { encodeBase64url } from '../bytes/base64url.js'
import { concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { bytes, map, mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { GetInfo } from '../ctap/get-info.js'
import { HMAC_SECRET } from '../ctap/hmac-secret.js'
import type { PrfInputs } from './asked-extensions.js'
import type { PrfValues } from './extension-inputs.js'
import { knowsExtension, outputMapOf, outputOf } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { PrfOutputsJSON, PrfResultsJSON } from './extensions-json.js'
import { keyAgreementCall } from './hmac-secret.js'
import type { HmacSecretExchange, HmacSecretValues, KeyAgreementCall } from './hmac-secret.js'

const PRF = 'prf'

const OUTPUT_BYTES = 32
/** WebAuthn L3 section 10.1.4. */
const CONTEXT = concatBytes(encodeUtf8('WebAuthn PRF'), Uint8Array.of(0))

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
 * What has to be asked before the sign-in, where the authenticator knows `hmac-secret` and not `prf`. Phones over
 * hybrid list no PIN/UV auth protocol (protocol.md 15.5), and most take one command (protocol.md 15.4): they are asked
 * nothing, as browsers do.
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

/** Results for inputs that were not given are left out. */
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
