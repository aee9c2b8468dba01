/** What a list says of a host. */
export interface PublicSuffix {
  /** The suffix under which names are registered: `co.uk` of login.example.co.uk; null for an address. */
  readonly suffix: string | null
  /** Whether the list has a rule for the host. If not, `suffix` is its last label, such as `intranet`. */
  readonly listed: boolean
}

/**
 * Looks a host up in the list of publicsuffix.org, private suffixes included: those separate their customers just as `com` does.
 * @param host as in URLs: lower case, punycode.
 */
export type PublicSuffixes = (host: string) => PublicSuffix | Promise<PublicSuffix>
