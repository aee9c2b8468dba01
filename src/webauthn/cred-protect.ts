import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { GetInfo } from '../ctap/get-info.js'
import { ProtocolError } from '../errors.js'
import { responseInvalid } from './ceremony.js'
import { knowsExtension } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { CredentialProtection } from './asked-extensions.js'

const CRED_PROTECT = 'credProtect'
/** `userVerificationOptional`, which every authenticator has. */
const LOWEST_LEVEL = 1

/** @throws ProtocolError `extension-missing` when the phone cannot do what is enforced. */
export function credentialProtectionRequest(
  protection: CredentialProtection | undefined,
  info: GetInfo,
): CborMap {
  if (protection === undefined) return cborMap([])
  if (knowsExtension(info, CRED_PROTECT)) return cborMap([[CRED_PROTECT, protection.level]])
  if (protection.enforced && protection.level > LOWEST_LEVEL)
    throw new ProtocolError(
      'extension-missing',
      'the phone knows no credential protection, which the options enforce',
    )
  return cborMap([])
}

/** @throws ProtocolError `response-invalid` when the credential is protected less than was enforced. */
export function checkCredentialProtection(
  protection: CredentialProtection | undefined,
  { signed }: ExtensionOutputs,
): void {
  if (protection?.enforced !== true) return
  const level = signed?.get(CRED_PROTECT) ?? LOWEST_LEVEL
  if (typeof level !== 'number' || level < protection.level)
    throw responseInvalid('has a credential that is protected less than the options enforce')
}
