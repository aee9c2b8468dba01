import { encodeBase64url } from '../bytes/base64url.js'
import { bytes, mapReader, uint } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { GetInfo } from '../ctap/get-info.js'
import { ProtocolError } from '../errors.js'
import { deflate, inflate } from './deflate.js'
import { knowsExtension, outputMapOf } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { LargeBlobOperation, LargeBlobSupport } from './asked-extensions.js'
import { BLOB_BYTES } from './extension-inputs.js'
import type { LargeBlobOutputsJSON } from './extensions-json.js'

// The extension of WebAuthn L3 section 10.1.5, carried by a CTAP extension of the same name that holds the blob itself:
// {support} at registration; {read} or {write, originalSize} at sign-in, answered by {blob, originalSize} or {written}.
// The blobs are raw DEFLATE. It is what browsers send and iPhones list; `largeBlobKey` has no place over hybrid.
const LARGE_BLOB = 'largeBlob'

/** @throws ProtocolError `extension-missing` when the phone cannot do what is required. */
export function registrationLargeBlobRequest(support: LargeBlobSupport | undefined, info: GetInfo): CborMap {
  const able = knowsExtension(info, LARGE_BLOB)
  if (support === 'required' && !able)
    throw new ProtocolError('extension-missing', 'the phone keeps no large blobs, which the options require')
  return cborMap([[LARGE_BLOB, support && able ? cborMap([['support', support]]) : undefined]])
}

/** Nothing for a phone that keeps no blobs. */
export async function authenticationLargeBlobRequest(
  asked: LargeBlobOperation | undefined,
  info: GetInfo,
): Promise<CborMap> {
  if (asked === undefined || !knowsExtension(info, LARGE_BLOB)) return cborMap([])
  if (asked.operation === 'read') return cborMap([[LARGE_BLOB, cborMap([['read', true]])]])
  const write = await deflate(asked.blob)
  const members = cborMap([
    ['write', write],
    ['originalSize', asked.blob.length],
  ])
  return cborMap([[LARGE_BLOB, members]])
}

/** @throws ProtocolError `extension-missing` when the credential lacks what was required. */
export function registrationLargeBlobResults(
  support: LargeBlobSupport | undefined,
  outputs: ExtensionOutputs,
): LargeBlobOutputsJSON | undefined {
  if (support === undefined) return undefined
  const supported = outputMapOf(outputs, LARGE_BLOB)?.get('supported') === true
  if (support === 'required' && !supported)
    throw new ProtocolError(
      'extension-missing',
      'the new passkey keeps no large blob, which the options require',
    )
  return { supported }
}

/**
 * A blob that is absent, too long or broken counts as not read, as in WebAuthn L3 section 10.1.5.
 * @throws DecodeError `ctap-malformed`, ProtocolError `response-invalid`.
 */
export async function authenticationLargeBlobResults(
  asked: LargeBlobOperation | undefined,
  outputs: ExtensionOutputs,
): Promise<LargeBlobOutputsJSON | undefined> {
  if (asked === undefined) return undefined
  const output = outputMapOf(outputs, LARGE_BLOB)
  if (asked.operation === 'write') return { written: output?.get('written') === true }
  if (output?.has('blob') !== true) return {}
  const reader = mapReader(output, 'largeBlob output', 'ctap-malformed')
  const size = reader.required('originalSize', uint)
  const blob = size > BLOB_BYTES.max ? undefined : await inflate(reader.required('blob', bytes()), size)
  return blob === undefined ? {} : { blob: encodeBase64url(blob) }
}
