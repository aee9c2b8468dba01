import type { PublicSuffixes } from './public-suffixes.js'

const RULES = { allowPrivateDomains: true, validateHostname: false } as const

/**
 * The list that the package `tldts` has: some 40 kB in a compressed bundle, loaded on first use.
 *
 * @example
 * const client = new HybridClient({ ...platform, publicSuffixes: publicSuffixList })
 */
export const publicSuffixList: PublicSuffixes = async host => {
  const { parse } = await import('tldts')
  const { publicSuffix: suffix, isIcann, isPrivate } = parse(host, RULES)
  return { suffix, listed: isIcann === true || isPrivate === true }
}
