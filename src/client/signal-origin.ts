import { HybridError } from '../errors.js'
import { claimedRpId } from '../webauthn/ceremony-origin.js'
import type { CeremonyOrigin } from '../webauthn/ceremony-origin.js'
import type { PublicSuffixes } from '../webauthn/public-suffixes.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import type { CeremonySettings } from './ceremony.js'

/** Where a signal comes from. */
export type SignalOrigin = CeremonyOrigin & Pick<CeremonySettings, 'fetchRelatedOrigins'>

/** @throws WebAuthnError `SecurityError` unless the origin may claim the RP ID. */
export async function checkSignalOrigin(
  rpId: string,
  from: SignalOrigin,
  publicSuffixes: PublicSuffixes,
): Promise<void> {
  const { fetchRelatedOrigins: fetch } = from
  try {
    await claimedRpId(from, rpId, { publicSuffixes, related: fetch && { fetch, signal: undefined } })
  } catch (error) {
    throw error instanceof HybridError ? toWebAuthnError(error, 'get') : error
  }
}
