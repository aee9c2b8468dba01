import { bytes, mapReader, text } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'

/** The only credential type there is. */
export const PUBLIC_KEY = 'public-key'

/** Names one credential. */
export interface CredentialDescriptor {
  /** The credential ID, 16 to 1023 bytes. */
  readonly id: Uint8Array
  /** `public-key`; readers skip what they do not know. */
  readonly type: string
}

/** {id, type} only: browsers send no transports over hybrid, and old phones refuse strangers. */
export function encodeCredentialDescriptor(descriptor: CredentialDescriptor): CborMap {
  return cborMap([
    ['id', descriptor.id],
    ['type', descriptor.type],
  ])
}

/** @throws DecodeError `ctap-malformed`. */
export function decodeCredentialDescriptor(value: CborValue): CredentialDescriptor {
  const reader = mapReader(value, 'credential descriptor', 'ctap-malformed')
  return { id: reader.required('id', bytes()), type: reader.required('type', text) }
}

/** undefined for an absent or empty list, which is left out. */
export function encodeCredentialList(
  list: readonly CredentialDescriptor[] | undefined,
): readonly CborMap[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list.map(encodeCredentialDescriptor)
}
