import { equalBytes } from '../bytes/bytes.js'
import type { AuthenticatorData } from '../ctap/authenticator-data.js'
import type { GetInfo } from '../ctap/get-info.js'
import { ProtocolError } from '../errors.js'
import type { UserVerificationRequirement } from './credential-json.js'

/** What every response must bear out. */
export interface SignedExpectations {
  /** SHA-256 of the RP ID, 32 bytes. */
  readonly rpIdHash: Uint8Array
  /** The relying party demands a verified user. */
  readonly userVerified: boolean
}

/** @throws ProtocolError `response-invalid` unless the data is for the relying party and the user was there as asked. */
export function checkAuthenticatorData(data: AuthenticatorData, expected: SignedExpectations): void {
  if (!equalBytes(data.rpIdHash, expected.rpIdHash)) throw responseInvalid('is for another relying party')
  if (!data.flags.up) throw responseInvalid('says that no user was present')
  if (expected.userVerified && !data.flags.uv) throw responseInvalid('says that the user was not verified')
}

/**
 * Whether to ask for user verification: whenever the phone can, as browsers do over hybrid.
 * @throws ProtocolError `feature-missing` when it is required and the phone cannot.
 */
export function asksVerification(info: GetInfo, requirement: UserVerificationRequirement): boolean {
  const able = hasOption(info, 'uv')
  if (!able && requirement === 'required')
    throw new ProtocolError('feature-missing', 'the phone cannot verify its user, which the options require')
  return able
}

/** Whether the authenticator states an option as true. */
export function hasOption(info: GetInfo, name: string): boolean {
  return info.options?.get(name) === true
}

export function responseInvalid(what: string): ProtocolError {
  return new ProtocolError('response-invalid', `the phone’s response ${what}`)
}
