import { bytes, mapReader, text } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'

/** An account at a relying party. */
export interface UserEntity {
  /** The user handle, 1 to 64 bytes. */
  readonly id: Uint8Array
  /** Such as an e-mail address. */
  readonly name?: string | undefined
  /** Such as “Ada Lovelace”. */
  readonly displayName?: string | undefined
}

/** Writes the names that are given, empty ones too. */
export function encodeUserEntity(user: UserEntity): CborMap {
  return cborMap([
    ['id', user.id],
    ['name', user.name],
    ['displayName', user.displayName],
  ])
}

/** @throws DecodeError `ctap-malformed`. */
export function decodeUserEntity(value: CborValue): UserEntity {
  const reader = mapReader(value, 'user', 'ctap-malformed')
  return {
    id: reader.required('id', bytes()),
    name: reader.optional('name', text),
    displayName: reader.optional('displayName', text),
  }
}
