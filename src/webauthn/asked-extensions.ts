import { decodeBase64url } from '../bytes/base64url.js'
import { equalBytes } from '../bytes/bytes.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { UsageError } from '../errors.js'
import type { ExtensionMembers, LargeBlobMembers, PrfMembers, PrfValues } from './extension-inputs.js'

const BY_CREDENTIAL = 'options.extensions.prf.evalByCredential'

/** What the `prf` extension was asked for. */
export interface PrfInputs {
  readonly eval: PrfValues | undefined
  /** Inputs that go before `eval` where the credential is the one that answers. */
  readonly evalByCredential: readonly { readonly credentialId: Uint8Array; readonly values: PrfValues }[]
}

/** Whether the new credential must be able to keep a blob. */
export type LargeBlobSupport = 'preferred' | 'required'

/** What a sign-in is to do with the credential’s blob. */
export type LargeBlobOperation =
  | { readonly operation: 'read' }
  | {
      readonly operation: 'write'
      readonly blob: Uint8Array
    }

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
  /** Whether the registration fails rather than make a credential with less protection. */
  readonly enforced: boolean
}

/** The extensions that were asked of a registration. */
export interface RegistrationExtensions {
  readonly credProps: boolean
  readonly prf: PrfInputs | undefined
  readonly largeBlob: LargeBlobSupport | undefined
  readonly protection: CredentialProtection | undefined
  /** Answered, never sent: no phone keeps such a blob (protocol.md 15.5). */
  readonly credBlob: boolean
  /** Client data that was made elsewhere. */
  readonly remoteClientData: string | undefined
}

/** The extensions that were asked of a sign-in. */
export interface AuthenticationExtensions {
  readonly prf: PrfInputs | undefined
  readonly largeBlob: LargeBlobOperation | undefined
  /** Client data that was made elsewhere. */
  readonly remoteClientData: string | undefined
}

/** @throws UsageError `options-unsupported`. */
export function parseRegistrationExtensions(inputs: Partial<ExtensionMembers> = {}): RegistrationExtensions {
  if (inputs.appid !== undefined)
    throw new UsageError('options-unsupported', 'options.extensions.appid is for sign-ins only')
  return {
    credProps: inputs.credProps === true,
    prf: parseRegistrationPrf(inputs.prf),
    largeBlob: parseRegistrationLargeBlob(inputs.largeBlob),
    protection: parseCredentialProtection(inputs),
    credBlob: inputs.credBlob !== undefined,
    remoteClientData: inputs.remoteClientDataJSON,
  }
}

/** @throws UsageError `options-unsupported`, `prf-key-invalid`. */
export function parseAuthenticationExtensions(
  inputs: Partial<ExtensionMembers> | undefined,
  allowed: readonly CredentialDescriptor[],
): AuthenticationExtensions {
  return {
    prf: parseAuthenticationPrf(inputs?.prf, allowed),
    largeBlob: parseAuthenticationLargeBlob(inputs?.largeBlob, allowed),
    remoteClientData: inputs?.remoteClientDataJSON,
  }
}

/** @throws UsageError `options-unsupported` for evalByCredential, because a registration has no credential yet. */
function parseRegistrationPrf(prf: PrfMembers | undefined): PrfInputs | undefined {
  if (prf?.evalByCredential !== undefined)
    throw new UsageError('options-unsupported', `${BY_CREDENTIAL} is for sign-ins only`)
  return prf && { eval: prf.eval, evalByCredential: [] }
}

/**
 * @param allowed the credentials that may answer.
 * @throws UsageError `options-unsupported` for evalByCredential without allowCredentials; `prf-key-invalid` for a key of it
 * that is not the ID of an allowed credential.
 */
function parseAuthenticationPrf(
  prf: PrfMembers | undefined,
  allowed: readonly CredentialDescriptor[],
): PrfInputs | undefined {
  if (prf === undefined) return undefined
  const byCredential = [...(prf.evalByCredential ?? [])]
  if (byCredential.length > 0 && allowed.length === 0)
    throw new UsageError('options-unsupported', `${BY_CREDENTIAL} needs allowCredentials`)
  return {
    eval: prf.eval,
    evalByCredential: byCredential.map(([key, values]) => ({
      credentialId: credentialIdOf(key, allowed),
      values,
    })),
  }
}

function credentialIdOf(key: string, allowed: readonly CredentialDescriptor[]): Uint8Array {
  const named = decodedOrUndefined(() => decodeBase64url(key, 'drop-left-over-bits'))
  if (named !== undefined && allowed.some(({ id }) => equalBytes(id, named))) return named
  throw new UsageError('prf-key-invalid', `${BY_CREDENTIAL} has a key that is not an ID of allowCredentials`)
}

/** @throws UsageError `options-unsupported` for members that belong to a sign-in. */
function parseRegistrationLargeBlob(inputs: LargeBlobMembers | undefined): LargeBlobSupport | undefined {
  if (inputs?.read !== undefined) throw unsupported('read is for sign-ins only')
  if (inputs?.write !== undefined) throw unsupported('write is for sign-ins only')
  return inputs && (inputs.support === 'required' ? 'required' : 'preferred')
}

/** @throws UsageError `options-unsupported` for members that do not go together. */
function parseAuthenticationLargeBlob(
  inputs: LargeBlobMembers | undefined,
  allowed: readonly CredentialDescriptor[],
): LargeBlobOperation | undefined {
  if (inputs === undefined) return undefined
  const { support, read, write } = inputs
  if (support !== undefined) throw unsupported('support is for registrations only')
  if (write === undefined) return read === true ? { operation: 'read' } : undefined
  if (read !== undefined) throw unsupported('read excludes write')
  if (allowed.length !== 1) throw unsupported('write needs exactly one of allowCredentials')
  return { operation: 'write', blob: write }
}

function unsupported(what: string): UsageError {
  return new UsageError('options-unsupported', `options.extensions.largeBlob.${what}`)
}

/** @throws UsageError `options-unsupported` for an unknown policy: it cannot be ignored where it is enforced. */
function parseCredentialProtection(inputs: Partial<ExtensionMembers>): CredentialProtection | undefined {
  if (inputs.credentialProtectionPolicy === undefined) return undefined
  const policy = POLICIES.find(word => word === inputs.credentialProtectionPolicy)
  if (policy !== undefined)
    return { level: LEVEL[policy], enforced: inputs.enforceCredentialProtectionPolicy === true }
  throw new UsageError(
    'options-unsupported',
    `options.extensions.credentialProtectionPolicy must be one of ${POLICIES.join(', ')}`,
  )
}
