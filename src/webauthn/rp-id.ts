import { getDomain } from 'tldts'
import { UsageError } from '../errors.js'
import type { Origin } from './origin.js'

/** Private suffixes, such as github.io, separate their customers just as com does. */
const SUFFIX_RULES = { allowPrivateDomains: true, validateHostname: false } as const

/**
 * The RP ID that the origin may claim: its host, or a suffix of it down to the registrable domain
 * (WebAuthn L3 section 5.1.3, HTML “is a registrable domain suffix of or is equal to”).
 * @param rpId what the options ask for; the host when absent.
 * @throws UsageError `rp-id-mismatch`.
 */
export function resolveRpId(origin: Origin, rpId: string | undefined): string {
  const { host } = origin
  if (rpId === undefined || rpId === host) return host
  const registrable = getDomain(host, SUFFIX_RULES)
  if (registrable !== null && isWithin(host, rpId) && isWithin(rpId, registrable)) return rpId
  throw new UsageError(
    'rp-id-mismatch',
    `${origin.serialized} may not claim the RP ID ${JSON.stringify(rpId)}`,
  )
}

/** Whether a domain is `ancestor` or below it. */
function isWithin(domain: string, ancestor: string): boolean {
  return domain === ancestor || domain.endsWith(`.${ancestor}`)
}
