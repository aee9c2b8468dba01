import { X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { checkServerIdentity as checkByNode } from 'node:tls'
import type { PeerCertificate } from 'node:tls'

/** Begins the network interface of an address, which no certificate names. */
const ZONE = '%'

/**
 * Whether a certificate is the host’s: Node’s own check. Some Nodes (22.23.2, 24.18.0) take an IPv6 address for a domain name and find it in
 * no certificate, so OpenSSL is asked as well.
 */
export function checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const error = checkByNode(host, certificate)
  if (error === undefined || !isIPv6(host) || host.includes(ZONE)) return error
  return new X509Certificate(certificate.raw).checkIP(host) === undefined ? error : undefined
}
