import { cborMap } from '../cbor/value.js'
import type { CborMap } from '../cbor/value.js'
import type { GetInfo } from '../ctap/get-info.js'
import { ProtocolError } from '../errors.js'
import { responseInvalid } from './ceremony.js'
import { knowsExtension } from './extension-outputs.js'
import type { ExtensionOutputs } from './extension-outputs.js'
import type { JsonReader } from './json-reader.js'

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

/** @throws UsageError `options-invalid`, for unknown policies, too: they cannot be passed over where one is enforced. */
export function parseCredentialProtection(inputs: JsonReader | undefined): CredentialProtection | undefined {
  const name = 'credentialProtectionPolicy'
  const enforced = inputs?.boolean('enforceCredentialProtectionPolicy') ?? false
  if (inputs?.has(name) !== true) return undefined
  const policy = inputs.choice(name, POLICIES)
  if (policy === undefined) throw inputs.error(name, `is none of ${POLICIES.join(', ')}`)
  return { level: LEVEL[policy], enforced }
}

/** @throws ProtocolError `feature-missing` when the phone cannot do what is enforced. */
export function credentialProtectionRequest(
  protection: CredentialProtection | undefined,
  info: GetInfo,
): CborMap {
  if (protection === undefined) return cborMap([])
  if (knowsExtension(info, CRED_PROTECT)) return cborMap([[CRED_PROTECT, protection.level]])
  if (protection.enforced && protection.level > LEVEL.userVerificationOptional)
    throw new ProtocolError(
      'feature-missing',
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
