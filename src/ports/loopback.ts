const IPV4_LOOPBACK = /^127(?:\.\d{1,3}){3}$/

/**
 * Whether a host name stands for this machine itself: 127.0.0.0/8, `::1` (brackets allowed) or `localhost`.
 * Only there may a port do without TLS, trust any certificate, or play the radio.
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase()
  return name === 'localhost' || name === '::1' || name === '[::1]' || IPV4_LOOPBACK.test(name)
}
