import type { CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import type { StoredCredential } from '../ports/credential-store.js'

/** Levels of `credProtect` (CTAP 2.2 section 12.1). */
export const CRED_PROTECT = { optional: 1, optionalWithList: 2, required: 3 } as const

/** @throws DecodeError `ctap-malformed`. */
export function decodeCredProtect(value: CborValue): number {
  const level = Object.values(CRED_PROTECT).find(known => known === value)
  if (level === undefined) throw new DecodeError('ctap-malformed', 'credProtect must be 1, 2 or 3')
  return level
}

/** What may take part in a request; without user verification, protected credentials stay hidden. */
export interface Visibility {
  readonly userVerification: boolean
  /** Whether the request names the credential. */
  readonly isNamed: boolean
}

export function isVisible(
  { credProtect }: StoredCredential,
  { userVerification, isNamed }: Visibility,
): boolean {
  if (userVerification) return true
  return isNamed ? credProtect < CRED_PROTECT.required : credProtect < CRED_PROTECT.optionalWithList
}
