/** A host as sockets take it: the address of IPv6 without the brackets that URLs put around it. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
