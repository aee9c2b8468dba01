import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { GetInfo } from '../ctap/get-info.js'
import { ProtocolError, UsageError } from '../errors.js'
import { responseInvalid } from './ceremony.js'
import { knowsExtension } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { ExtensionMembers } from './extension-inputs.js'
import { knownWord } from './words.js'

const CRED_PROTECT = 'credProtect'

/** Protection levels by the name that the client extension gives to them (CTAP 2.2 section 12.1). */
const LEVEL = {
  userVerificationOptional: 1,
  userVerificationOptionalWithCredentialIDList: 2,
  userVerificationRequired: 3,
} as const

/** How well a credential is protected from use without user verification. */
export type CredentialProtectionPolicy = keyof typeof LEVEL

const POLICIES = [
  'userVerificationOptional',
  'userVerificationOptionalWithCredentialIDList',
  'userVerificationRequired',
] as const satisfies readonly CredentialProtectionPolicy[]

/** The asked protection. */
export interface CredentialProtection {
  /** 1 to 3. */
  readonly level: number
  /** No credential rather than one with less. */
  readonly enforced: boolean
}

/** @throws UsageError `options-unsupported` for an unknown policy: it cannot be passed over where it is enforced. */
export function parseCredentialProtection(inputs: ExtensionMembers): CredentialProtection | undefined {
  if (inputs.credentialProtectionPolicy === undefined) return undefined
  const policy = knownWord(POLICIES, inputs.credentialProtectionPolicy)
  if (policy !== undefined)
    return { level: LEVEL[policy], enforced: inputs.enforceCredentialProtectionPolicy }
  throw new UsageError(
    'options-unsupported',
    `options.extensions.credentialProtectionPolicy must be one of ${POLICIES.join(', ')}`,
  )
}

/** @throws ProtocolError `extension-missing` when the phone cannot do what is enforced. */
export function credentialProtectionRequest(
  protection: CredentialProtection | undefined,
  info: GetInfo,
): CborMap {
  if (protection === undefined) return cborMap([])
  if (knowsExtension(info, CRED_PROTECT)) return cborMap([[CRED_PROTECT, protection.level]])
  if (protection.enforced && protection.level > LEVEL.userVerificationOptional)
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
  const level = signed?.get(CRED_PROTECT) ?? LEVEL.userVerificationOptional
  if (typeof level !== 'number' || level < protection.level)
    throw responseInvalid('has a credential that is protected less than the options enforce')
}
