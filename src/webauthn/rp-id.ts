import { UsageError } from '../errors.js'
import type { parse } from 'tldts'
import type { Origin } from './origin.js'
import { fetchRelatedOrigins, isRelated } from './related-origins.js'
import type { RelatedOrigins } from './related-origins.js'

/** Private suffixes, such as github.io, separate their customers just as com does. */
const SUFFIX_RULES = { allowPrivateDomains: true, validateHostname: false } as const

/** Stands in the list of public suffixes, but belongs to home networks (RFC 8375). */
const HOME_NETWORK = 'home.arpa'

/**
 * The RP ID that the origin may claim: its host; or a suffix of it down to the registrable domain (WebAuthn L3 section
 * 5.1.3, HTML “is a registrable domain suffix of or is equal to”); or a domain that names the origin as related.
 * @param rpId what the options ask for; the host when absent.
 * @param related how to ask the domain; without it no origin is related.
 * @throws UsageError `rp-id-mismatch`, `aborted`.
 */
export async function resolveRpId(
  origin: Origin,
  rpId: string | undefined,
  related?: RelatedOrigins,
): Promise<string> {
  const { host } = origin
  if (rpId === undefined || rpId === host) return host
  // The list of public suffixes is long; importing this library should not load it.
  const { getDomain, getDomainWithoutSuffix, parse } = await import('tldts')
  const registrable = getDomain(host, SUFFIX_RULES)
  if (registrable !== null && isWithin(host, rpId) && isWithin(rpId, registrable)) return rpId
  const mayAsk = related !== undefined && isHost(rpId) && isPublic(parse(rpId, SUFFIX_RULES))
  const labelOf = (name: string): string | null => getDomainWithoutSuffix(name, SUFFIX_RULES)
  if (mayAsk && isRelated(origin, await askOrigins(origin, rpId, related), labelOf)) return rpId
  throw mismatch(origin, rpId)
}

async function askOrigins(origin: Origin, rpId: string, related: RelatedOrigins): Promise<readonly string[]> {
  try {
    return await fetchRelatedOrigins(rpId, related)
  } catch (cause) {
    if (related.signal?.aborted === true) throw new UsageError('aborted', 'the caller gave up', { cause })
    throw mismatch(origin, rpId, cause)
  }
}

function mismatch(origin: Origin, rpId: string, cause?: unknown): UsageError {
  const claim = `${origin.serialized} may not claim the RP ID ${JSON.stringify(rpId)}`
  return new UsageError('rp-id-mismatch', claim, { cause })
}

/** Whether a text is a host as it stands in URLs, and nothing more. */
function isHost(text: string): boolean {
  const url = `https://${text}/`
  return URL.canParse(url) && new URL(url).href === url && new URL(url).hostname === text
}

/**
 * Whether a name is registered under a suffix of the public list. Addresses, single labels, `localhost`, `.local` and the like are
 * not, so that no relying party has machines of the user’s own network asked.
 */
function isPublic(name: ReturnType<typeof parse>): boolean {
  const { domain, isIcann, isPrivate, publicSuffix } = name
  return domain !== null && (isIcann === true || isPrivate === true) && publicSuffix !== HOME_NETWORK
}

/** Whether a domain is `ancestor` or below it. */
function isWithin(domain: string, ancestor: string): boolean {
  return domain === ancestor || domain.endsWith(`.${ancestor}`)
}
