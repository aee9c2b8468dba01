import { boolean, bytes, mapReader, uint } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import type { StoredCredential } from '../ports/credential-store.js'

const MAX_BYTES = 4096

/** The `largeBlob` extension of a sign-in: phones keep the blob beside the passkey, without a largeBlobs command. */
export type LargeBlobRequest =
  | { readonly type: 'read' }
  /** Compressed by the client; `originalSize` is what it was before. */
  | { readonly type: 'write'; readonly blob: Uint8Array; readonly originalSize: number }

/** undefined when nothing is asked. @throws DecodeError `ctap-malformed`. */
export function decodeLargeBlobRequest(value: CborValue): LargeBlobRequest | undefined {
  const reader = mapReader(value, 'largeBlob', 'ctap-malformed')
  const reads = reader.optional('read', boolean) ?? false
  const blob = reader.optional('write', bytes())
  if (blob === undefined) return reads ? { type: 'read' } : undefined
  if (reads) throw new DecodeError('ctap-malformed', 'largeBlob must either read or write, not both')
  return { type: 'write', blob, originalSize: reader.required('originalSize', uint) }
}

/** The credential with the blob that is to be written, if it fits. */
export function withLargeBlob(
  credential: StoredCredential,
  request: LargeBlobRequest | undefined,
): StoredCredential {
  if (request?.type !== 'write' || request.blob.length > MAX_BYTES) return credential
  return { ...credential, largeBlob: request.blob, largeBlobSize: request.originalSize }
}

/** What is answered; undefined when there is nothing to read. @param credential after `withLargeBlob`. */
export function largeBlobOutput(
  credential: StoredCredential,
  request: LargeBlobRequest,
): CborMap | undefined {
  if (request.type === 'write') return cborMap([['written', request.blob.length <= MAX_BYTES]])
  if (credential.largeBlob.length === 0) return undefined
  return cborMap([
    ['blob', credential.largeBlob],
    ['originalSize', credential.largeBlobSize],
  ])
}
